"""The fake server keeps its word: answers follow the request, faults follow the body, and the books are right."""

from __future__ import annotations

import json
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.fake_server import FakeServer, Settings, reply_text
from ttc_core.operators.compare import compare_prompt
from ttc_core.operators.distill import select_prompt
from ttc_core.operators.reading import read_choices, read_score
from ttc_core.operators.score import score_prompt
from ttc_core.operators.summarize import summarize_prompt
from ttc_core.operators.words import fenced
from ttc_core.problems import read_answer
from ttc_core.types import Problem

ASK = "End with one line of exactly this form:\nAnswer: <your final answer, nothing else>"


def body(prompt: str = ASK, seed: int = 1, **more: Any) -> dict[str, Any]:
    return {"model": "m", "seed": seed, "messages": [{"role": "user", "content": prompt}], **more}


def post(server: FakeServer, **more: Any) -> httpx.Response:
    return httpx.post(f"{server.url}/chat/completions", json=body(**more), timeout=20)


def text(prompt: str, seed: int = 1, **settings: Any) -> str:
    return reply_text(body(prompt)["messages"], seed, Settings(**settings))


def solutions(*answers: str) -> str:
    return "\n".join(f"<<f00 Solution {n}>>\nI think.\nAnswer: {a}\n<<f00 end>>" for n, a in enumerate(answers, 1))


def test_streamed_and_whole_replies_are_the_same() -> None:
    with FakeServer() as server:
        whole = post(server).json()
        stream = post(server, stream=True, stream_options={"include_usage": True}).text
    assert stream.endswith("data: [DONE]\n\n")
    events = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: {")]
    pieces = [choice["delta"].get("content", "") for event in events for choice in event["choices"]]
    assert "".join(pieces) == whole["choices"][0]["message"]["content"]
    assert events[-1]["usage"] == whole["usage"]


def test_an_answer_depends_on_messages_and_seed_alone() -> None:
    assert text(ASK) == text(ASK)
    assert len({text(ASK, seed) for seed in range(40)}) > 10


def test_it_is_right_as_often_as_it_is_told() -> None:
    answers = [text(ASK, seed, accuracy=0.7, right="9").rsplit("Answer: ")[-1] for seed in range(400)]
    assert 0.6 < answers.count("9") / 400 < 0.8
    assert set(answers) == {"9", "41", "43", "24"}


def test_a_judge_names_solutions_that_are_shown_and_mostly_the_right_one() -> None:
    prompt = f"{solutions('41', '42', '24')}\nFinal verdict: Solution <n>"
    verdicts = [re.search(r"Final verdict: Solution (\d)$", text(prompt, seed)) for seed in range(200)]
    picked = [verdict[1] for verdict in verdicts if verdict]
    assert len(picked) == 200
    assert set(picked) == {"1", "2", "3"}
    assert picked.count("2") > 140


def test_several_solutions_may_be_asked_for() -> None:
    prompt = f"{solutions('41', '42', '42')}\nFinal verdict: followed by the names of exactly 2 of them"
    assert {*re.findall(r"Solution (\d)", text(prompt, judge=1).splitlines()[-1])} == {"2", "3"}


def test_a_score_follows_the_answer_shown() -> None:
    good, bad = (text(f"Answer: {answer}\nEnd with\nScore: <0 to 10>", judge=1) for answer in ("42", "41"))
    assert int(good.rsplit("Score: ")[-1]) > int(bad.rsplit("Score: ")[-1])


def test_a_summary_repeats_the_attempts_own_answer() -> None:
    assert text('Attempt 1\nAnswer: 17\n"Answer: " followed by the attempt\'s own final answer').endswith("Answer: 17")


def test_faults_follow_body_and_repetition_not_the_order_of_calls() -> None:
    def statuses(seeds: list[int]) -> dict[int, list[int]]:
        with FakeServer(fault_rate=0.5, faults=("500",)) as server:
            return {seed: [post(server, seed=seed).status_code for _ in range(4)] for seed in seeds}

    seeds = list(range(12))
    there, back = statuses(seeds), statuses(seeds[::-1])
    assert there == back
    assert any(first == 500 and 200 in rest for first, *rest in there.values()), "a retry can succeed"


def test_the_books_add_up_under_load() -> None:
    with FakeServer(fault_rate=0.3, faults=("429", "empty"), latency_s=0.02) as server, ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda seed: post(server, seed=seed), range(80)))
    ledger = server.ledger
    good = [reply.json()["usage"] for reply in replies if reply.status_code == 200]
    assert ledger.requests == 80
    assert ledger.answered == len(good)
    assert ledger.faults["429"] == 80 - len(good) > 0
    assert ledger.tokens_out == sum(usage["completion_tokens"] for usage in good)
    assert ledger.tokens_in == sum(usage["prompt_tokens"] for usage in good)
    assert sum(ledger.bodies.values()) == 80
    assert ledger.in_flight == 0
    assert 1 < ledger.most_in_flight <= 16


def test_a_hanging_call_ends_with_the_server() -> None:
    with ThreadPoolExecutor(1) as pool:
        with FakeServer(fault_rate=1, faults=("timeout",)) as server:
            waiting = pool.submit(post, server)
            while not server.ledger.requests:
                time.sleep(0.01)
        with pytest.raises(httpx.RemoteProtocolError):
            waiting.result(20)


def test_it_lists_a_model() -> None:
    with FakeServer() as server:
        assert httpx.get(f"{server.url}/models").json()["data"][0]["id"] == "fake-1"
        assert httpx.get(f"{server.url}/nothing").status_code == 404


def test_it_understands_what_operators_ask() -> None:
    problem = Problem(id="p", text="6 x 7?")
    shown = fenced(["I think.\nAnswer: 41", "I think.\nAnswer: 42", "I think.\nAnswer: 42"], random.Random(1))
    verdicts = [read_choices(text(compare_prompt(problem, shown, 3), seed, judge=1), 3) for seed in range(40)]
    assert set(verdicts) == {(1,), (2,)}
    assert {*(read_choices(text(select_prompt(problem, shown, 3, 2), judge=1), 3, 2) or ())} == {1, 2}
    assert read_score(text(score_prompt(problem, fenced(["Answer: 42"], random.Random(1))), judge=1)) in range(7, 11)
    assert read_answer(text(summarize_prompt(problem, fenced(["Answer: 17"], random.Random(1))))) == "17"
