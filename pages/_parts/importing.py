"""Importing a session from a file: once for each file that is given, with a sentence on what came of it."""

from __future__ import annotations

import streamlit as st

from pages._parts.house import library
from pages._parts.words import plain
from ttc_core.errors import BadInput
from ttc_core.share.json_file import MAX_BYTES, import_session

_OUTCOME = "importing:outcome"


def importing() -> None:
    """The button, the field for a file behind it, and what came of the last one."""
    with st.popover("Import", icon=":material/upload:"):
        file = st.file_uploader(
            "A session that was downloaded as JSON",
            type="json",
            max_upload_size=MAX_BYTES // 1_000_000,
            key="importing:file",
        )
        if file is None:
            st.session_state.pop(_OUTCOME, None)
            return
        seen, session_id, trouble = st.session_state.get(_OUTCOME, ("", "", ""))
        if seen != file.file_id:
            with st.spinner("Reading the file …"):
                session_id, trouble = _import(file.getvalue())
            st.session_state[_OUTCOME] = file.file_id, session_id, trouble
            st.rerun()  # so that the list has it, and no later rerun imports it again
        if trouble:
            st.error(plain(trouble))
        else:
            st.success("Imported.")
            st.page_link(
                "session.py", label="Open it", icon=":material/folder_open:", query_params={"session": session_id}
            )


def _import(data: bytes) -> tuple[str, str]:
    """The new session's id, or why there is none."""
    try:
        return import_session(library(), data), ""
    except BadInput as error:
        return "", str(error)
