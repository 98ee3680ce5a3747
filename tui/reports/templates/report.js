"use strict";
for (const svg of document.querySelectorAll("svg[data-readouts]")) {
  const places = JSON.parse(svg.dataset.readouts);
  const hair = svg.querySelector(".hair");
  const out = svg.parentElement.parentElement.querySelector(".readout");
  const rest = out.textContent;
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    let near = places[0];
    for (const place of places) if (Math.abs(place[0] - x) < Math.abs(near[0] - x)) near = place;
    hair.setAttribute("x1", near[0]);
    hair.setAttribute("x2", near[0]);
    hair.style.opacity = 0.6;
    out.textContent = near[1];
  });
  svg.addEventListener("pointerleave", () => { hair.style.opacity = 0; out.textContent = rest; });
}
for (const head of document.querySelectorAll("th[data-sort]")) {
  head.addEventListener("click", () => {
    const body = head.closest("table").tBodies[0];
    const way = head.dataset.sort === "down" ? 1 : -1;
    head.dataset.sort = way < 0 ? "down" : "up";
    const key = (row) => row.cells[head.cellIndex].dataset.v ?? row.cells[head.cellIndex].textContent;
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [key(a), key(b)];
      return way * (isNaN(x) || isNaN(y) ? x.localeCompare(y) : x - y);
    });
    body.append(...rows);
  });
}
