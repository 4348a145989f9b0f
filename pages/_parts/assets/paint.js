// Paints the boxes, lines and headings of a graph on a canvas. Knows colours and shapes; nothing of vis-network,
// of the page, or of where the data comes from.

// Okabe and Ito's colours, safe for colour-blind eyes; a letter always stands beside the colour.
const PALETTE = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6bb1", "#8a7a00"];
const DARK_INK = new Set([4, 5]);
const FAR = 0.24; // below this zoom, boxes are plain colour
const NEAR = 0.5; // below this zoom, boxes show their letter only
const TAU = Math.PI * 2;

const sample = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function rgb(color) {
  sample.clearRect(0, 0, 1, 1);
  sample.fillStyle = color;
  sample.fillRect(0, 0, 1, 1);
  return [...sample.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function mix(one, other, share) {
  const [a, b] = [rgb(one), rgb(other)];
  return `rgb(${a.map((value, i) => Math.round(value + (b[i] - value) * share)).join(",")})`;
}

/** The colours in force where `element` stands, from the custom properties of the page around it. */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const get = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const ground = get("--st-background-color", "#ffffff");
  const text = get("--st-text-color", "#1f2937");
  const accent = get("--st-primary-color", "#2563eb");
  const font = get("--st-font", "system-ui, sans-serif");
  return { key: [ground, text, accent, font].join("|"), ground, text, accent, font };
}

/** A theme with all the shades that are mixed from it. */
export function shades({ key, ground, text, accent, font }) {
  const [r, g, b] = rgb(ground);
  const dark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
  return {
    key, dark, ground, text, accent, font,
    box: dark ? mix(ground, "#000000", 0.22) : mix(ground, "#ffffff", 0.6),
    muted: mix(text, ground, 0.4),
    line: mix(text, ground, dark ? 0.78 : 0.84),
    faint: mix(text, ground, dark ? 0.86 : 0.91),
    field: mix(text, ground, dark ? 0.95 : 0.97),
    workspace: dark ? "#d9a441" : "#a8690f",
    palette: dark ? PALETTE.map((color) => mix(color, "#ffffff", 0.06)) : PALETTE,
    right: dark ? "#3fb68b" : "#00805d",
    wrong: dark ? "#f0805a" : "#c2410c",
  };
}

function hue(color, theme) {
  if (typeof color === "number") return theme.palette[color % theme.palette.length];
  return color === "workspace" ? theme.workspace : color === "none" || color === undefined ? theme.line : theme.muted;
}

function rounded(ctx, x, y, width, height, radius) {
  ctx.beginPath();
  ctx.roundRect(x, y, width, height, radius);
}

function write(ctx, words, x, y, { size, weight = 400, color, align = "left", room = Infinity, theme }) {
  if (!words) return;
  ctx.font = `${weight} ${size}px ${theme.font}`;
  const width = ctx.measureText(words).width;
  if (width > room) ctx.font = `${weight} ${Math.max(6, (size * room) / width)}px ${theme.font}`;
  ctx.textAlign = align;
  ctx.textBaseline = "middle";
  ctx.fillStyle = color;
  ctx.fillText(words, x, y + 0.5);
}

/** One box. `look` says how it is seen: zoom, selected, hovered, and which of its votes are fresh. */
export function paintNode(ctx, node, theme, look) {
  const box = { x: node.x - node.width / 2, y: node.y - node.height / 2, width: node.width, height: node.height };
  const status = node.status ?? "done";
  const color = hue(node.color, theme);
  if (node.leader && status === "done") halo(ctx, box, color, 0.28);
  if (look.selected) halo(ctx, box, theme.accent, 1);
  else if (look.hovered) halo(ctx, box, theme.accent, 0.35);
  if (look.zoom < NEAR && node.letter) return paintChip(ctx, node, box, color, theme, look.zoom);
  const own = { running: theme.accent, refused: theme.wrong }[status] ?? theme.line;
  frame(ctx, node, box, status, node.letter || node.kind === "workspace" ? color : own, theme);
  if (look.zoom < NEAR) return paintSmall(ctx, node, box, theme);
  ({ candidate, match, workspace, tally, answer, problem, step, passage })[node.kind]?.(ctx, node, box, status, color, theme, look);
}

/** From afar a step has room for its name alone. */
function paintSmall(ctx, node, box, theme) {
  if (!["step", "passage"].includes(node.kind)) return;
  const words = { weight: 600, color: theme.text, align: "center", room: box.width - 8, theme };
  write(ctx, node.label, node.x, node.y, { size: box.height * 0.66, ...words });
}

function halo(ctx, box, color, strength) {
  ctx.globalAlpha = strength;
  ctx.strokeStyle = color;
  ctx.lineWidth = strength === 1 ? 2 : 4;
  rounded(ctx, box.x - 3, box.y - 3, box.width + 6, box.height + 6, 8.5);
  ctx.stroke();
  ctx.globalAlpha = 1;
}

function frame(ctx, node, box, status, color, theme) {
  const hollow = status === "waiting" || status === "idle";
  rounded(ctx, box.x, box.y, box.width, box.height, 6);
  ctx.fillStyle = hollow ? theme.ground : theme.box;
  ctx.fill();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.3;
  ctx.setLineDash(hollow ? [4, 3] : []);
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintChip(ctx, node, box, color, theme, zoom) {
  rounded(ctx, box.x, box.y, box.width, box.height, zoom < FAR ? 2 : 6);
  ctx.fillStyle = color;
  ctx.fill();
  if (zoom < FAR || !node.letter) return;
  write(ctx, node.letter, node.x, node.y, {
    size: Math.min(22, box.height * 0.86), weight: 700, color: ink(node.color), align: "center", theme,
  });
}

function ink(color) {
  return DARK_INK.has(color) ? "#1b1b1b" : "#ffffff";
}

/** The coloured square with the answer's letter at the left of a box; what has no letter gets a mark of its own. */
function tile(ctx, node, box, width, size, color, theme) {
  const odd = ["unreadable", "failed", "refused"].includes(node.color);
  ctx.save();
  rounded(ctx, box.x, box.y, box.width, box.height, 6);
  ctx.clip();
  ctx.fillStyle = odd ? theme.faint : color;
  ctx.fillRect(box.x, box.y, width, box.height);
  if (odd) hatch(ctx, box.x, box.y, width, box.height, theme.line);
  ctx.restore();
  if (node.color === "refused") return barred(ctx, box.x + width / 2, node.y, size * 0.42, theme);
  const letter = node.color === "failed" ? "×" : node.letter;
  write(ctx, letter, box.x + width / 2, node.y, {
    size, weight: 700, color: odd ? theme.muted : ink(node.color), align: "center", room: width - 4, theme,
  });
}

/** A circle with a bar across: the provider's filter said no. */
function barred(ctx, x, y, radius, theme) {
  ctx.strokeStyle = theme.wrong;
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, TAU);
  ctx.stroke();
  line(ctx, x - radius * 0.7, y - radius * 0.7, x + radius * 0.7, y + radius * 0.7);
}

function hatch(ctx, x, y, width, height, color) {
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let at = -height; at < width; at += 5) {
    ctx.moveTo(x + at, y + height);
    ctx.lineTo(x + at + height, y);
  }
  ctx.stroke();
}

function candidate(ctx, node, box, status, color, theme) {
  const side = box.height + 1;
  const made = ["done", "failed", "refused"].includes(status);
  if (made) tile(ctx, node, box, side, 11, color, theme);
  else if (status === "running") dots(ctx, box.x + side / 2, node.y, theme.accent);
  const words = status === "running" ? theme.accent : status === "done" ? theme.text : theme.muted;
  const room = box.width - side - 12 - (node.sub ? Math.max(30, 6 + node.sub.length * 4.6) : 0);
  write(ctx, node.label, box.x + side + 7, node.y, { size: 11.5, color: words, room, theme });
  write(ctx, node.sub, box.x + box.width - 7, node.y, { size: 10, color: theme.muted, align: "right", theme });
  if (node.mark && node.sub) retriedDot(ctx, box, theme);
}

function retriedDot(ctx, box, theme) {
  ctx.beginPath();
  ctx.arc(box.x + box.width - 1, box.y + 1, 3, 0, TAU);
  ctx.fillStyle = theme.ground;
  ctx.fill();
  ctx.strokeStyle = theme.wrong;
  ctx.lineWidth = 1.2;
  ctx.stroke();
}

function dots(ctx, x, y, color) {
  ctx.fillStyle = color;
  for (const at of [-4.5, 0, 4.5]) {
    ctx.beginPath();
    ctx.arc(x + at, y, 1.4, 0, TAU);
    ctx.fill();
  }
}

function match(ctx, node, box, status, color, theme, look) {
  const side = 26;
  if (status !== "done") return undecided(ctx, node, box, status, theme, look);
  tile(ctx, node, box, side, 13, color, theme);
  const row = node.y - 6.5;
  const quiet = !node.pips?.length;
  write(ctx, node.label, box.x + side + 8, row, { size: 12, weight: 600, color: theme.text, room: 42, theme });
  write(ctx, node.sub, box.x + box.width - 8, row, { size: 12, weight: 600, color: theme.text, align: "right", theme });
  if (quiet) write(ctx, node.mark, box.x + side + 8, node.y + 8, { size: 9.5, color: theme.muted, theme });
  else pips(ctx, node, box, side, theme, look);
  if (!quiet && node.mark) badge(ctx, node.mark, box, theme);
}

function undecided(ctx, node, box, status, theme, look) {
  if (!node.pips?.length) {
    const words = status === "running" ? theme.accent : theme.muted;
    return write(ctx, node.label, node.x, node.y, { size: 11, color: words, align: "center", theme });
  }
  const words = status === "running" ? theme.accent : theme.muted;
  const row = node.y - 6.5;
  write(ctx, node.label, box.x + 10, row, { size: 12, weight: 600, color: words, room: 56, theme });
  write(ctx, node.sub, box.x + box.width - 8, row, { size: 12, weight: 600, color: theme.text, align: "right", theme });
  pips(ctx, node, box, 26, theme, look);
}

/** One small bar a vote, in the order asked; a vote against the winner is half as high, an extra one stands apart. */
function pips(ctx, node, box, side, theme, look) {
  const extra = node.pips.some((pip) => pip.extra) ? 4 : 0;
  const room = box.width - side - 16 - extra;
  const step = Math.min(9.2, (room + 1.6) / node.pips.length);
  const width = Math.max(1, step - 1.6);
  let x = box.x + side + 8;
  let apart = false;
  node.pips.forEach((pip, index) => {
    if (pip.extra && !apart) [x, apart] = [x + extra, true];
    const fresh = look.fresh?.has(index) ? 1.5 : 0;
    const high = pip.against ? 3.2 : 5.6;
    onePip(ctx, pip, x - fresh / 2, node.y + 10.6 - high - fresh / 2, width + fresh, high + fresh, theme);
    x += step;
  });
}

function onePip(ctx, pip, x, y, width, height, theme) {
  const state = pip.state ?? "vote";
  rounded(ctx, x, y, width, height, 1.5);
  if (state === "vote" || state === "pending") {
    ctx.fillStyle = state === "vote" ? hue(pip.color, theme) : theme.faint;
    return ctx.fill();
  }
  ctx.strokeStyle = state === "unasked" ? theme.faint : theme.muted;
  ctx.lineWidth = 0.8;
  ctx.stroke();
  if (state === "failed") line(ctx, x, y + height, x + width, y);
  if (state === "abstain") line(ctx, x + 1.5, y + height / 2, x + width - 1.5, y + height / 2);
}

function line(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function badge(ctx, words, box, theme) {
  ctx.font = `500 8.5px ${theme.font}`;
  const width = ctx.measureText(words).width + 8;
  const x = box.x + box.width - width - 6;
  rounded(ctx, x, box.y - 10, width, 11, 5.5);
  ctx.fillStyle = theme.ground;
  ctx.fill();
  ctx.strokeStyle = theme.line;
  ctx.lineWidth = 1;
  ctx.stroke();
  write(ctx, words, x + width / 2, box.y - 4.5, { size: 8.5, weight: 500, color: theme.muted, align: "center", theme });
}

function workspace(ctx, node, box, status, color, theme) {
  const done = status === "done";
  const words = done ? theme.text : status === "running" ? theme.workspace : theme.muted;
  const row = node.sub ? node.y - 8 : node.y;
  const room = box.width - 20;
  write(ctx, node.label, box.x + 10, row, { size: 12, weight: 600, color: words, room, theme });
  write(ctx, node.sub, box.x + 10, node.y + 9, { size: 10.5, color: theme.muted, room, theme });
}

function tally(ctx, node, box, status, color, theme) {
  if (status !== "done") {
    return write(ctx, node.label, node.x, node.y, { size: 11, color: theme.muted, align: "center", theme });
  }
  const side = 30;
  tile(ctx, node, box, side, 14, color, theme);
  const row = node.shares?.length || node.mark ? node.y - 8 : node.y;
  const left = box.x + side + 8;
  const right = box.x + box.width - 8;
  write(ctx, node.label, left, row, { size: 12, weight: 600, color: theme.text, room: 36, theme });
  write(ctx, node.sub, right, row, { size: 12, weight: 600, color: theme.text, align: "right", room: 52, theme });
  shares(ctx, node.shares ?? [], left, node.y + 6, right - left, theme);
  if (node.mark) badge(ctx, node.mark, box, theme);
}

/** How the candidates' answers are divided, widest first. */
function shares(ctx, parts, x, y, width, theme) {
  const all = parts.reduce((sum, part) => sum + part.count, 0);
  ctx.save();
  rounded(ctx, x, y, width, 8, 3);
  ctx.clip();
  let at = x;
  for (const part of parts) {
    const wide = (width * part.count) / all;
    ctx.fillStyle = hue(part.color, theme);
    ctx.fillRect(at, y, Math.max(0.5, wide - 1), 8);
    at += wide;
  }
  ctx.restore();
}

function answer(ctx, node, box, status, color, theme) {
  const side = 36;
  tile(ctx, node, box, side, 18, color, theme);
  const left = box.x + side + 10;
  const room = box.width - side - 16;
  const verdict = { correct: ["✓ correct", theme.right], incorrect: ["✗ incorrect", theme.wrong] };
  const [words, tint] = verdict[node.mark] ?? [node.mark, theme.muted];
  const shift = words ? -8 : 0;
  write(ctx, node.sub, left, node.y - 9 + shift, { size: 10.5, color: theme.muted, room, theme });
  write(ctx, node.label, left, node.y + 8 + shift, { size: 16, weight: 700, color: theme.text, room, theme });
  write(ctx, words, left, node.y + 18, { size: 10, weight: 600, color: tint, room, theme });
}

function problem(ctx, node, box, status, color, theme) {
  write(ctx, node.label, node.x, node.y, { size: 11.5, color: theme.muted, align: "center", theme });
}

/** One step of an attempt: what was used, how it went, and how much it changed or found. */
function step(ctx, node, box, status, color, theme) {
  const words = { running: theme.accent, failed: theme.wrong }[status] ?? theme.text;
  const room = box.width - 20 - (node.sub ? 38 : 0);
  write(ctx, node.label, box.x + 10, node.y, { size: 12, weight: 600, color: words, room, theme });
  write(ctx, node.sub, box.x + box.width - 8, node.y, { size: 10.5, color: theme.muted, align: "right", theme });
}

function passage(ctx, node, box, status, color, theme) {
  write(ctx, node.label, box.x + 10, node.y, { size: 11.5, weight: 600, color: theme.workspace, theme });
  write(ctx, node.sub, box.x + box.width - 8, node.y, { size: 10, color: theme.muted, align: "right", theme });
}

/** The light ground behind a field of many candidates. */
export function paintField(ctx, node, theme) {
  rounded(ctx, node.x - node.width / 2, node.y - node.height / 2, node.width, node.height, 10);
  ctx.fillStyle = theme.field;
  ctx.fill();
  ctx.strokeStyle = theme.faint;
  ctx.lineWidth = 1;
  ctx.stroke();
}

/** One line, from the right side of a box to the left side of another. */
export function paintEdge(ctx, edge, from, to, theme, look) {
  const coloured = edge.color !== undefined && edge.color !== "none";
  const strong = edge.kind === "win";
  ctx.strokeStyle = coloured ? hue(edge.color, theme) : look.selected ? theme.accent : theme.line;
  ctx.lineWidth = (strong ? 2.2 : edge.kind === "feed" ? 1.6 : 1.1) + (edge.lit || look.selected ? 0.8 : 0);
  ctx.lineWidth = Math.max(ctx.lineWidth, 0.7 / look.zoom);
  ctx.globalAlpha = edge.kind === "feed" && coloured && !edge.lit ? 0.75 : 1;
  ctx.setLineDash(edge.kind === "pending" ? [4, 3] : []);
  const below = to.kind === "passage" && Math.abs(to.x - from.x) < from.width / 2;
  if (below) hang(ctx, from, to);
  else curve(ctx, from.x + from.width / 2, from.y, to.x - to.width / 2, to.y, (from.height + to.height) / 4);
  ctx.globalAlpha = 1;
}

/** From under the left end of a box down to one that stands below it, a little to the right. */
function hang(ctx, from, to) {
  const [x, left] = [from.x - from.width / 2 + 2, to.x - to.width / 2];
  ctx.beginPath();
  ctx.moveTo(x, from.y + from.height / 2);
  ctx.lineTo(x, to.y);
  ctx.lineTo(left, to.y);
  ctx.stroke();
}

function curve(ctx, x1, y1, x2, y2, clear) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  if (x2 >= x1) {
    const bend = (x2 - x1) / 2;
    ctx.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  } else {
    const middle = y2 > y1 ? y1 + clear + (y2 - y1 - 2 * clear) * 0.35 : (y1 + y2) / 2; // to the next row, like text
    ctx.bezierCurveTo(x1 + 34, y1, x1 + 34, middle, x1 - 10, middle);
    ctx.lineTo(x2 + 10, middle);
    ctx.bezierCurveTo(x2 - 34, middle, x2 - 34, y2, x2, y2);
  }
  ctx.stroke();
}

/** The names of the columns; they stay in sight at the upper edge `top` when the columns are scrolled past it. */
export function paintHeadings(ctx, columns, top, theme, zoom) {
  const level = new Set(columns.map((column) => column.y)).size === 1;
  const stuck = level && columns.length > 0 && columns[0].y < top;
  const size = Math.min(26, 11 / (stuck ? zoom : Math.min(1, zoom)));
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  for (const [index, column] of columns.entries()) {
    const room = ((columns[index + 1]?.x ?? column.x + 180) - (columns[index - 1]?.x ?? column.x - 180)) / 2 - 8;
    ctx.font = `500 ${size}px ${theme.font}`;
    const fitting = level ? Math.min(1, room / ctx.measureText(column.text).width) : 1;
    ctx.font = `500 ${size * fitting}px ${theme.font}`;
    const width = ctx.measureText(column.text).width;
    const y = stuck ? top : column.y;
    if (stuck) {
      ctx.globalAlpha = 0.85;
      ctx.fillStyle = theme.ground;
      rounded(ctx, column.x - width / 2 - size / 2, y - size * 1.1, width + size, size * 1.6, size / 2);
      ctx.fill();
      ctx.globalAlpha = 1;
    }
    ctx.fillStyle = theme.muted;
    ctx.fillText(column.text, column.x, y);
  }
}
