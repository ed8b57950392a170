// Walking: keys, buttons, the slider, dragging in the bands; hovering tells numbers.
const $ = id => document.getElementById(id);

function go(step) {
  state.step = clampStep(step);
  $("slider").value = state.step;
  $("place").textContent = `step ${state.step} of ${trace.steps - 1}`;
  $("phase").textContent = trace.phase(state.step);
  location.replace("#" + state.step);
  moveCursor();
  drawStep();
}

function play(on) {
  clearInterval(state.playing);
  state.playing = on ? setInterval(() => state.step + 1 < trace.steps ? go(state.step + 1) : play(false), 220) : 0;
  $("play").textContent = on ? "pause" : "play";
  $("play").setAttribute("aria-pressed", on);
  if (on && state.step + 1 >= trace.steps) go(0);
}

function setTheme(theme) {
  state.theme = document.documentElement.dataset.theme = theme;
  drawBands();
  drawStep();
}

function setAll(all) {
  state.all = all;
  $("slots").setAttribute("aria-pressed", all);
  drawBands();
  drawStep();
}

const KEYS = {
  ArrowRight: () => go(state.step + 1), ArrowLeft: () => go(state.step - 1), PageDown: () => go(state.step + 10), PageUp: () => go(state.step - 10),
  Home: () => go(0), End: () => go(trace.steps - 1), " ": () => play(!state.playing), a: () => trace.slots && setAll(!state.all),
  c: () => { state.change = !state.change; drawStep(); }, t: () => setTheme(state.theme === "dark" ? "light" : "dark"),
};
document.addEventListener("keydown", e => {
  const act = KEYS[e.key] ?? KEYS[e.key.toLowerCase()];
  if (!act || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.target.tagName === "BUTTON" && e.key === " ") e.target.blur();
  e.preventDefault();
  act();
});

$("first").onclick = KEYS.Home; $("last").onclick = KEYS.End; $("back").onclick = KEYS.ArrowLeft; $("forth").onclick = KEYS.ArrowRight;
$("play").onclick = KEYS[" "]; $("theme").onclick = KEYS.t; $("slots").onclick = KEYS.a;
$("slider").oninput = () => go(+$("slider").value);

let dragging = false;
const walkTo = e => { const c = bandsPlace.querySelector("canvas.walkable"); if (c) go((e.clientX - c.getBoundingClientRect().left) / cell); };
bandsPlace.addEventListener("pointerdown", e => { if (e.target.matches("canvas.walkable")) { dragging = true; walkTo(e); } });
addEventListener("pointermove", e => {
  if (dragging) walkTo(e);
  const probe = e.target.probe;
  tip.style.display = probe ? "block" : "none";
  if (!probe) return;
  const box = e.target.getBoundingClientRect();
  tip.textContent = probe(e.clientX - box.left, e.clientY - box.top);
  tip.style.left = Math.min(innerWidth - tip.offsetWidth - 8, e.clientX + 14) + "px";
  tip.style.top = Math.min(innerHeight - tip.offsetHeight - 8, e.clientY + 16) + "px";
});
addEventListener("pointerup", () => dragging = false);
addEventListener("resize", drawBands);

const counted = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;
$("title").textContent = document.title = `Sequence ${trace.row}`;
$("summary").textContent = [counted(trace.steps, "step"), ...(trace.slots ? [
  counted(trace.heads.filter(h => h.startsWith("read")).length, "read head"), counted(trace.heads.filter(h => h.startsWith("write")).length, "write head"),
  `memory ${trace.slots} \u00d7 ${trace.width}`] : ["no memory"])].join(" \u00b7 ");
$("slider").max = trace.steps - 1;
$("slots").hidden = trace.used.length === trace.slots;
names.filter(isFirst).forEach(n => state.shown.add(n));
chips();
setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", e => setTheme(e.matches ? "dark" : "light"));
go(+location.hash.slice(1) || 0);
