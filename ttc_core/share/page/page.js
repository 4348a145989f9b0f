// A saved session on one page: runs, a picture that can be wound back, and what stands behind every box.
// Everything that a person or a model wrote reaches the page as text, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
let run;
let shown = -1;
let timer = null;
let opened = null;

const graph = mount(at("graph"), { vis: globalThis.vis, height: 520, onOpen: inspect, label: "Graph of the run" });

/** An element with text or children inside, and nothing parsed. */
function make(tag, inside, name = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (Array.isArray(inside)) element.append(...inside.filter((child) => child !== null && child !== ""));
  else element.textContent = inside;
  return element;
}

function tileOf(letter, color) {
  if (!letter) return null;
  const element = make("span", letter, "tile");
  const theme = shades(readTheme(document.documentElement));
  element.style.background = hue(color, theme);
  element.style.color = ink(color);
  return element;
}

function choose(index) {
  run = data.runs[index];
  [shown, opened] = [-1, null];
  for (const [place, button] of [...at("runs").children].entries()) button.setAttribute("aria-pressed", place === index);
  at("what").textContent = run.what;
  at("problem").textContent = run.problem;
  const tone = { correct: "right", incorrect: "wrong" }[run.verdict] ?? "quiet";
  at("answer").replaceChildren(
    ...[tileOf(run.letter, run.color), make("span", run.answer ?? "no answer"), make("span", ` · ${run.outcome}`, tone)].filter(Boolean),
  );
  at("facts").replaceChildren(...run.facts.map(([name, value]) => make("div", [make("dt", name), make("dd", value)])));
  at("moment").max = run.frames.length - 1;
  wind(run.frames.length - 1);
  inspect(run.first);
}

/** Show the picture at a moment: go on from the one that is shown, or start anew to go back. */
function wind(moment) {
  if (moment < shown) shown = -1;
  while (shown < moment) graph.update(run.frames[++shown].message);
  const frame = run.frames[shown];
  at("moment").value = shown;
  at("when").textContent = `${frame.time.toFixed(1)} s · event ${frame.message.seq} of ${run.events}`;
}

function play() {
  if (timer) return pause();
  if (shown >= run.frames.length - 1) wind(0);
  at("play").textContent = "❚❚";
  timer = setInterval(() => (shown < run.frames.length - 1 ? wind(shown + 1) : pause()), 140);
}

function pause() {
  clearInterval(timer);
  timer = null;
  at("play").textContent = "▶";
}

function inspect(id) {
  const node = run.nodes[id];
  if (!node) return;
  if (opened !== null || id !== run.first) graph.select(id); // a step is in no picture, and selects nothing
  opened = id;
  const parts = [make("h2", node.title), make("p", node.line, "quiet")];
  if (node.answer !== undefined) parts.push(...answerOf(node));
  if (node.trouble) parts.push(make("p", node.trouble, "wrong"));
  if (node.note) parts.push(make("p", node.note, "quiet"));
  parts.push(...section("From", node.parents.length && links(node.parents)));
  parts.push(...section("Steps", node.steps.length && links(node.steps)));
  parts.push(...section("Sources", node.cites.length && links(node.cites)));
  for (const fact of node.facts) parts.push(...section(fact.title, make("pre", fact.text, node.title.startsWith("Passage") ? "words" : "words code")));
  parts.push(...section("Votes, in the order asked", node.votes.length && make("div", node.votes.map(vote))));
  parts.push(...section("Summary", node.summary && make("pre", node.summary, "words")));
  parts.push(...section("Text", node.text && make("pre", node.text, "words")));
  parts.push(...section("Calls", node.calls.length && make("div", node.calls.map(call))));
  at("inspector").replaceChildren(...parts);
}

/** A word or a number beside its letter; a program or a patch below it. */
function answerOf(node) {
  const tile = tileOf(node.letter, node.color);
  if (!node.answer.includes("\n")) return [make("p", [tile, make("strong", node.answer)])];
  return [make("p", [tile, make("strong", "Answer")]), make("pre", node.answer, "words code")];
}

function section(title, content) {
  return content ? [make("h3", title), content] : [];
}

function links(ids) {
  const buttons = ids.map((id) => {
    const button = make("button", id);
    button.type = "button";
    button.onclick = () => inspect(id);
    return button;
  });
  return make("div", buttons, "links");
}

function vote(one) {
  const line = make("summary", [tileOf(one.letter, one.color), make("span", one.line)]);
  return make("details", [line, one.text ? make("pre", one.text, "words") : ""]);
}

function call(one) {
  const line = make("p", [make("span", `${one.name} `), make("span", one.line, "quiet")], "call");
  if (!one.thinking) return line;
  const thought = make("details", [make("summary", "What it thought"), make("pre", one.thinking, "words")]);
  return make("div", [line, thought]);
}

document.querySelector("h1").textContent = data.title;
if (data.runs.length > 1) {
  at("runs").append(...data.runs.map(({ name }, index) => {
    const button = make("button", name);
    button.type = "button";
    button.onclick = () => { pause(); choose(index); };
    return button;
  }));
}
at("moment").oninput = (event) => { pause(); wind(Number(event.target.value)); };
at("play").onclick = play;
choose(0);
