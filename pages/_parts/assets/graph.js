// One graph on one vis-network canvas: takes whole pictures or changes, from its caller or from a stream of its own,
// and paints them. Shows ids, numbers and our own labels only; knows nothing of Streamlit and leaves nothing on window.

import { buildFrame, firstOrLast, inWords, neighbour, optionFor } from "./frame.js";
import { paintEdge, paintField, paintHeadings, paintNode, readTheme, shades } from "./paint.js";

const MARGIN = 18;
const NARROW = 640; // pixels; a telephone
const LOWEST = 240;
const TOOLS = 48;
const FRESH_MS = 600;
const AGAIN_MS = 3000;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Put a graph into `root`.
 *
 * options: vis (the vis-network module), height (pixels), onOpen(id) when a reader opens a node, label (for screen
 * readers). Returns update(message), connect(url or null), select(id or null), setTheme(), where(id), destroy().
 */
export function mount(root, options) {
  const graph = new Graph(root, options);
  return {
    update: (message) => graph.update(message),
    connect: (url) => graph.connect(url),
    select: (id) => graph.select(id),
    setTheme: () => graph.readTheme(true),
    setHeight: (height) => graph.setHeight(height),
    where: (id) => graph.where(id),
    destroy: () => graph.destroy(),
  };
}

class Graph {
  constructor(root, { vis, height = 520, onOpen = () => {}, label = "Graph of the run" }) {
    Object.assign(this, { root, onOpen, label, seq: -1, draws: 0, selected: null, hovered: null, follows: true });
    this.nodes = new Map();
    this.edges = new Map();
    this.options = new Map();
    this.fresh = new Map();
    this.columns = [];
    this.bounds = [0, 0, 1, 1];
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.build(height);
    this.theme = shades(readTheme(root));
    this.places = new vis.DataSet();
    this.network = new vis.Network(this.canvas, { nodes: this.places, edges: [] }, {
      autoResize: false,
      physics: false,
      layout: { improvedLayout: false },
      nodes: { shape: "custom", ctxRenderer: (drawn) => ({ drawNode: () => this.drawNode(drawn.ctx, drawn.id) }) },
      interaction: { dragNodes: false, selectable: false, hover: false, keyboard: false },
    });
    this.canvas.firstElementChild.tabIndex = -1; // the stage around it takes the keys
    this.listen();
    this.watch = setInterval(() => this.readTheme(false), 500);
    document.fonts?.ready.then(() => this.draw());
  }

  // -- the page around the canvas

  build(height) {
    const { root } = this;
    root.classList.add("ttc-graph");
    this.setHeight(height);
    Object.assign(this, buildFrame(root, this.label, [
      ["−", "Zoom out", () => this.zoom(1 / 1.3)],
      ["+", "Zoom in", () => this.zoom(1.3)],
      ["Fit", "Fit the whole graph into view", () => this.fit(true)],
    ]));
  }

  listen() {
    const { network } = this;
    network.on("beforeDrawing", (ctx) => this.drawGround(ctx));
    network.on("afterDrawing", (ctx) => this.drawOver(ctx));
    network.on("click", ({ pointer }) => this.open(this.at(pointer.canvas)));
    network.on("dragStart", () => (this.follows = false));
    network.on("zoom", () => (this.follows = false));
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => this.hover(null));
    // A wheel scrolls the page as everywhere else; with Ctrl or ⌘, or as a pinch, it zooms.
    this.canvas.addEventListener("wheel", (event) => event.ctrlKey || event.metaKey || event.stopPropagation(), true);
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.open(event.target.dataset.node ?? null));
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.root);
  }

  resize() {
    this.takeHeight();
    this.network.setSize(`${this.root.clientWidth}px`, `${this.root.clientHeight}px`);
    if (this.follows) this.fit(false);
    else this.draw();
  }

  setHeight(height) {
    this.height = height;
    this.takeHeight();
  }

  /** The height that was asked for; on a narrow screen no more than the picture fills. */
  takeHeight() {
    const [left, top, right, bottom] = this.bounds;
    const width = this.root.clientWidth;
    const filled = ((bottom - top) * (width - 2 * MARGIN)) / (right - left) + 2 * MARGIN + TOOLS;
    const height = width && width < NARROW ? Math.min(this.height, Math.max(LOWEST, filled)) : this.height;
    this.root.style.height = `${Math.round(height)}px`;
  }

  readTheme(always) {
    if (!this.root.isConnected) return this.destroy();
    const now = readTheme(this.root);
    if (!always && now.key === this.theme.key) return;
    this.theme = shades(now);
    this.draw();
  }

  destroy() {
    if (!this.network) return;
    clearInterval(this.watch);
    this.connect(null);
    this.sizes.disconnect();
    this.network.destroy();
    this.network = null;
    this.root.replaceChildren();
  }

  // -- what is shown

  connect(url) {
    if (url === this.url) return;
    this.stream?.close();
    clearTimeout(this.again);
    [this.url, this.stream, this.note.textContent] = [url, null, ""];
    if (url) this.listenTo(new EventSource(new URL(url, document.baseURI)));
  }

  listenTo(stream) {
    this.stream = stream;
    const take = (event) => {
      this.note.textContent = "";
      this.apply(JSON.parse(event.data));
    };
    stream.addEventListener("snapshot", take);
    stream.addEventListener("patch", take);
    stream.addEventListener("end", () => stream.close());
    stream.addEventListener("error", () => {
      this.note.textContent = "reconnecting…";
      if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      this.again = setTimeout(() => this.listenTo(new EventSource(stream.url)), AGAIN_MS);
    });
  }

  /** A whole picture from the caller. While a stream is live, the stream knows better. */
  update(message) {
    if (!message || !this.network) return;
    const live = this.stream && this.stream.readyState !== EventSource.CLOSED;
    if (live && message.seq <= this.seq) return;
    this.apply(message);
  }

  apply(message) {
    if (!message.full && message.seq <= this.seq) return;
    const first = this.seq < 0;
    if (message.full) this.replace(message);
    else this.patch(message);
    this.seq = message.seq;
    this.status = message.status ?? this.status;
    if (message.columns) this.columns = message.columns;
    if (message.bounds) this.bounds = message.bounds;
    if (message.bounds) this.takeHeight();
    if (message.bounds && this.follows) this.fit(!first);
    if (message.full || message.nodes || message.edges || message.gone || message.cut || message.columns) this.draw();
    else this.root.dataset.seq = this.seq;
  }

  replace(message) {
    const [nodes, edges] = [new Set(message.nodes.map((n) => n.id)), new Set(message.edges.map((e) => keyOf(e)))];
    this.patch({
      nodes: message.nodes,
      edges: message.edges,
      gone: [...this.nodes.keys()].filter((id) => !nodes.has(id)),
      cut: [...this.edges.keys()].filter((key) => !edges.has(key)),
    });
  }

  patch({ nodes = [], edges = [], gone = [], cut = [] }) {
    const moved = [];
    for (const node of nodes) {
      const before = this.nodes.get(node.id);
      if (node.kind !== "field" && !(before && before.x === node.x && before.y === node.y)) {
        moved.push({ id: node.id, x: node.x, y: node.y, size: Math.max(node.width, node.height) / 2 });
      }
      if (before) this.freshen(before, node);
      this.nodes.set(node.id, node);
      this.describe(node);
    }
    for (const edge of edges) this.edges.set(keyOf(edge), edge);
    for (const key of cut) this.edges.delete(key);
    for (const id of gone) this.drop(id);
    if (gone.length) this.places.remove(gone);
    if (moved.length) this.places.update(moved);
  }

  drop(id) {
    this.nodes.delete(id);
    this.options.get(id)?.remove();
    this.options.delete(id);
    if (this.selected === id) this.select(null);
  }

  /** Votes that have just come are drawn a little larger for a moment. */
  freshen(before, node) {
    if (this.calm.matches || this.nodes.size > 150 || !node.pips || before.kind !== "match") return;
    const came = node.pips.flatMap((pip, i) => (cast(pip) && !cast(before.pips?.[i]) ? [i] : []));
    if (!came.length) return;
    this.fresh.set(node.id, new Set(came));
    setTimeout(() => {
      this.fresh.delete(node.id);
      this.draw();
    }, FRESH_MS);
  }

  // -- for those who cannot see or do not point

  describe(node) {
    if (node.kind === "field") return;
    const option = this.options.get(node.id) ?? optionFor(node.id);
    if (!option.isConnected) this.list.append(option);
    this.options.set(node.id, option);
    option.textContent = inWords(node);
    option.setAttribute("aria-selected", String(this.selected === node.id));
  }

  key(event) {
    if (event.altKey || event.metaKey || event.ctrlKey) return;
    const act = {
      Enter: () => this.open(this.selected), " ": () => this.open(this.selected),
      "+": () => this.zoom(1.3), "=": () => this.zoom(1.3), "-": () => this.zoom(1 / 1.3), 0: () => this.fit(true),
      Home: () => this.step(null, 1), End: () => this.step(null, -1),
    }[event.key];
    if (event.key in ARROWS) this.step(ARROWS[event.key], 1);
    else if (act) act();
    else return;
    event.preventDefault();
  }

  /** Move the selection to the nearest box in a direction; to the first or last box without one. */
  step(direction, end) {
    const boxes = [...this.nodes.values()].filter((node) => node.kind !== "field");
    const here = this.nodes.get(this.selected);
    const next = here && direction ? neighbour(boxes, here, direction) : firstOrLast(boxes, end);
    if (next) this.show(next.id);
  }

  show(id) {
    this.select(id);
    const { x, y } = this.where(id);
    const inside = x > 40 && y > 20 && x < this.root.clientWidth - 40 && y < this.root.clientHeight - 20;
    if (inside) return;
    this.follows = false;
    const node = this.nodes.get(id);
    this.network.moveTo({ position: { x: node.x, y: node.y }, animation: this.motion() });
  }

  select(id) {
    const before = this.selected;
    if (before === id) return;
    this.selected = id;
    for (const name of [before, id]) if (this.nodes.has(name)) this.describe(this.nodes.get(name));
    const option = this.options.get(id);
    if (option) this.stage.setAttribute("aria-activedescendant", option.id);
    else this.stage.removeAttribute("aria-activedescendant");
    this.draw();
  }

  open(id) {
    if (id === null || !this.nodes.has(id)) return;
    this.select(id);
    this.onOpen(id);
  }

  hover(event) {
    const box = event && this.canvas.getBoundingClientRect();
    const spot = event && this.network.DOMtoCanvas({ x: event.clientX - box.left, y: event.clientY - box.top });
    const id = spot && event.pointerType === "mouse" ? this.at(spot) : null;
    if (id === this.hovered) return;
    this.hovered = id;
    this.canvas.style.cursor = id ? "pointer" : "grab";
    this.canvas.title = id ? inWords(this.nodes.get(id)) : "";
    this.draw();
  }

  at({ x, y }) {
    for (const node of this.nodes.values()) {
      const inside = Math.abs(x - node.x) <= node.width / 2 + 2 && Math.abs(y - node.y) <= node.height / 2 + 2;
      if (inside && node.kind !== "field") return node.id;
    }
    return null;
  }

  /** Where a node's middle is, in pixels from the upper left corner of the root. */
  where(id) {
    const { x, y } = this.nodes.get(id);
    return this.network.canvasToDOM({ x, y });
  }

  // -- the view

  motion() {
    return this.calm.matches ? false : { duration: 260, easingFunction: "easeInOutQuad" };
  }

  zoom(factor) {
    this.follows = false;
    this.network.moveTo({ scale: Math.min(4, Math.max(0.02, this.network.getScale() * factor)), animation: false });
    this.draw();
  }

  fit(animated) {
    this.follows = true;
    const [left, top, right, bottom] = this.bounds;
    const tools = this.root.clientWidth < NARROW ? TOOLS : 0;
    const [width, height] = [this.root.clientWidth - 2 * MARGIN, this.root.clientHeight - 2 * MARGIN - tools];
    if (width <= 0 || height <= 0) return;
    const scale = Math.min(width / (right - left || 1), height / (bottom - top || 1), 1.25);
    const position = { x: (left + right) / 2, y: (top + bottom + tools / scale) / 2 };
    this.network.moveTo({ position, scale, animation: animated && this.motion() });
    this.draw();
  }

  /** Paint with the next frame, once, however much has changed until then. */
  draw() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      this.network?.redraw();
    });
  }

  drawGround(ctx) {
    const zoom = this.network.getScale();
    for (const node of this.nodes.values()) if (node.kind === "field") paintField(ctx, node, this.theme);
    const order = { pending: 0, lose: 1, feed: 2, win: 3 };
    const edges = [...this.edges.values()].sort((a, b) => order[a.kind] - order[b.kind] || !!a.lit - !!b.lit);
    for (const edge of edges) {
      const [from, to] = [this.nodes.get(edge.from), this.nodes.get(edge.to)];
      const selected = this.selected !== null && (edge.from === this.selected || edge.to === this.selected);
      if (from && to) paintEdge(ctx, edge, from, to, this.theme, { zoom, selected });
    }
    ctx.setLineDash([]);
  }

  drawNode(ctx, id) {
    const node = this.nodes.get(id);
    if (!node) return;
    paintNode(ctx, node, this.theme, {
      zoom: this.network.getScale(), selected: id === this.selected, hovered: id === this.hovered,
      fresh: this.fresh.get(id),
    });
  }

  drawOver(ctx) {
    const zoom = this.network.getScale();
    const top = this.network.DOMtoCanvas({ x: 0, y: 16 }).y;
    paintHeadings(ctx, this.columns, top, this.theme, zoom);
    this.draws += 1;
    Object.assign(this.root.dataset, {
      draws: this.draws, seq: this.seq, nodes: this.nodes.size, status: this.status ?? "", theme: this.theme.dark ? "dark" : "light",
    });
  }
}

function keyOf(edge) {
  return `${edge.from}>${edge.to}`;
}

function cast(pip) {
  return pip !== undefined && !["pending", "unasked"].includes(pip.state);
}
