// One Plotly chart that is updated in place, so that it neither flickers nor loses its zoom. Knows Plotly's figures
// and nothing of Streamlit; leaves nothing on window.

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset", showTips: false };

/**
 * Put a chart into `root`.
 *
 * options: plotly (the Plotly module), height (pixels), onOpen(id) when a reader clicks a bar that has an id, label (for
 * screen readers). Returns update(figure), setHeight(pixels), destroy().
 */
export function mount(root, { plotly, height = 240, onOpen = () => {}, label = "Chart" }) {
  const place = document.createElement("div");
  let figure = null;
  let due = null;
  let listening = false;
  let drawing = false;

  root.replaceChildren(place);
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", label);
  setHeight(height);
  const sizes = new ResizeObserver(() => draw());
  sizes.observe(root);

  function setHeight(pixels) {
    root.style.height = `${pixels}px`;
    draw();
  }

  function update(next) {
    figure = next;
    draw();
  }

  /** Draw with the next frame, once, and never while an earlier drawing is under way. */
  function draw() {
    if (!figure || drawing) return;
    due ??= requestAnimationFrame(paint);
  }

  async function paint() {
    due = null;
    if (!root.isConnected || !root.clientWidth) return;
    const drawn = figure;
    const [width, tall] = [root.clientWidth, root.clientHeight];
    const font = getComputedStyle(root).getPropertyValue("--st-font").trim() || "system-ui, sans-serif";
    drawing = true;
    await plotly.react(place, drawn.data, {
      ...drawn.layout, width, height: tall, autosize: false, font: { ...drawn.layout.font, family: font },
    }, CONFIG);
    drawing = false;
    root.dataset.draws = Number(root.dataset.draws ?? 0) + 1;
    if (!listening) listen();
    if (figure !== drawn || width !== root.clientWidth || tall !== root.clientHeight) draw();
  }

  function listen() {
    listening = true;
    place.on("plotly_click", ({ points }) => points[0]?.id !== undefined && onOpen(points[0].id));
  }

  function destroy() {
    sizes.disconnect();
    cancelAnimationFrame(due);
    plotly.purge(place);
    root.replaceChildren();
  }

  return { update, setHeight, destroy };
}
