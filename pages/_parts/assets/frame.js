// What stands around a graph's canvas: styles, buttons, a note; and the same graph for those who cannot see it or do
// not point. Knows the page, and nothing of vis-network or of painting.

const STYLE = `
  .ttc-graph { position: relative; width: 100%; overflow: hidden; border-radius: 6px;
    font: 12px var(--st-font, system-ui, sans-serif); color: var(--st-text-color, #1f2937); }
  .ttc-graph .stage, .ttc-graph .canvas { position: absolute; inset: 0; outline: none; }
  .ttc-graph .stage:focus-visible::after { content: ""; position: absolute; inset: 0; border-radius: 6px;
    pointer-events: none; box-shadow: inset 0 0 0 2px var(--st-primary-color, #2563eb); }
  .ttc-graph .tools { position: absolute; right: 8px; bottom: 8px; display: flex; gap: 4px; opacity: 0.75; }
  .ttc-graph:hover .tools, .ttc-graph .tools:focus-within { opacity: 1; }
  .ttc-graph button { min-width: 28px; height: 28px; padding: 0 7px; border-radius: 6px; cursor: pointer; font: inherit;
    color: inherit; background: var(--st-background-color, #fff);
    border: 1px solid var(--st-border-color, rgba(128, 128, 128, 0.35)); }
  .ttc-graph button:hover { border-color: var(--st-primary-color, #2563eb); }
  .ttc-graph .note { position: absolute; left: 8px; bottom: 8px; padding: 3px 8px; border-radius: 6px;
    background: var(--st-background-color, #fff); border: 1px solid var(--st-border-color, rgba(128, 128, 128, 0.35)); }
  .ttc-graph .note:empty { display: none; }
  .ttc-graph .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  @media (pointer: coarse) { .ttc-graph button { min-width: 40px; height: 40px; } }
`;

const NUMERIC = new Intl.Collator("en", { numeric: true });

/** The parts of a graph's place on the page, put into `root`. `tools` are [words, title, act] of the buttons. */
export function buildFrame(root, label, tools) {
  const style = document.createElement("style");
  style.textContent = STYLE;
  const names = { stage: "stage", canvas: "canvas", list: "unseen", note: "note", tools: "tools" };
  const parts = Object.fromEntries(Object.entries(names).map(([part, name]) => [part, element("div", name)]));
  parts.stage.tabIndex = 0;
  parts.stage.setAttribute("role", "listbox");
  parts.stage.setAttribute("aria-label", label);
  parts.list.setAttribute("role", "presentation");
  parts.note.setAttribute("role", "status");
  parts.stage.append(parts.canvas, parts.list);
  for (const [words, title, act] of tools) {
    const button = Object.assign(element("button", ""), { type: "button", textContent: words, title, onclick: act });
    button.setAttribute("aria-label", title);
    parts.tools.append(button);
  }
  root.replaceChildren(style, parts.stage, parts.note, parts.tools);
  return parts;
}

function element(tag, name) {
  return Object.assign(document.createElement(tag), { className: name });
}

/** What stands for one box in the list that screen readers read. */
export function optionFor(id) {
  const option = element("div", "");
  option.id = `ttc-${Math.random().toString(36).slice(2)}`;
  option.setAttribute("role", "option");
  option.dataset.node = id;
  return option;
}

/** A box in words. */
export function inWords({ id, kind, status = "done", label = "", sub = "", mark = "", letter = "", leader, by }) {
  const answer = letter === "?" ? "answer unreadable" : letter && `answer ${letter}`;
  const own = label !== id && label !== status && label;
  const figure = kind === "candidate" ? spoken(sub, status) : sub !== status && sub;
  const words = [`${kind} ${id}`, status, own, figure, answer, mark, leader && kind !== "passage" && "leads", by && `by ${by}`];
  return words.filter(Boolean).join(", ");
}

/** What a candidate's figure is of. */
function spoken(sub, status) {
  if (/^[0-9.k]+$/.test(sub)) return `${sub} tokens`;
  if (/^\d+ st$/.test(sub)) return sub === "1 st" ? "1 step" : `${sub}eps`;
  if (/^\d+\/\d+$/.test(sub)) return `passes ${sub.replace("/", " of ")} tests`;
  return sub !== status && sub;
}

/** The nearest box in a direction, one that is straight ahead before one that is aside; undefined where none is. */
export function neighbour(boxes, here, [dx, dy]) {
  const cost = (box) => {
    const along = (box.x - here.x) * dx + (box.y - here.y) * dy;
    const aside = Math.abs((box.x - here.x) * dy) + Math.abs((box.y - here.y) * dx);
    return along > 1 ? along + 2.5 * aside : Infinity;
  };
  return boxes.filter((box) => cost(box) < Infinity).sort((a, b) => cost(a) - cost(b))[0];
}

/** The box farthest left and up, or with `end` -1 the one farthest right and down. */
export function firstOrLast(boxes, end) {
  return boxes.toSorted((a, b) => a.x - b.x || a.y - b.y || NUMERIC.compare(a.id, b.id)).at(end === 1 ? 0 : -1);
}
