"use strict";
// The ledger's forms (see drivers.py): F = sum over sets S of D_S times the product of u_i in S.
const data = JSON.parse(document.getElementById("drivers").textContent);
const all = data.rate ? [...data.numbers, data.rate] : data.numbers;
const now = all.map((one) => one.now);
let at = now.slice();

// --- the forms -----------------------------------------------------------------------------------

const moves = () => data.numbers.map((one, i) => (at[i] - one.r) / (one.s - one.r));

function weightsOf(variant) {
  const u = moves();
  return variant.sets.map((set) => set.reduce((product, i) => product * u[i], 1));
}

function addUp(weights, terms, size) {
  const total = new Array(size).fill(0);
  terms.forEach((term, k) => {
    if (weights[k] !== 0) term.forEach((d, r) => { total[r] += weights[k] * d; });
  });
  return total;
}

function chebyshev(place, n) {
  const found = [1, place];
  for (let k = 2; k < n; k++) found.push(2 * place * found[k - 1] - found[k - 2]);
  return found;
}

function valueOf(variant, weights) {
  const rate = data.rate;
  const place = rate ? (2 * (at[at.length - 1] - rate.from)) / (rate.to - rate.from) - 1 : 0;
  const most = Math.max(1, ...variant.value.map((term) => term.length));
  const basis = chebyshev(place, most);
  const total = new Array(data.n).fill(0);
  variant.value.forEach((term, k) => term.forEach((coefficients, j) => coefficients.forEach((c, r) => {
    total[r] += weights[k] * basis[j] * c;
  })));
  return total;
}

// --- intervals and verdicts, as sim/core/statistics.py and sim/experiments/verdict.py -----------------

function estimate(values, step = 1) {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const t = data.t[step - 1];
  if (n < 2 || t === null) return { value: mean, half: NaN, low: NaN, high: NaN };
  const spread = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  const half = (t * spread) / Math.sqrt(n);
  return { value: mean, half, low: mean - half, high: mean + half };
}

function holm(many) {
  const plain = many.map((values) => estimate(values));
  const size = (e) => (e.half > 0 ? Math.abs(e.value) / e.half : e.value ? Infinity : 0);
  const order = plain.map((e, i) => i).sort((a, b) => size(plain[b]) - size(plain[a]));
  const steps = new Array(many.length).fill(many.length);
  let stopped = 0;
  order.forEach((i, rank) => {
    const step = stopped || many.length - rank;
    steps[i] = step;
    const e = estimate(many[i], step);
    if (!stopped && !(e.low > 0 || e.high < 0)) stopped = step;
  });
  return many.map((values, i) => estimate(values, steps[i]));
}

function judge(e, matters) {
  if (Number.isNaN(e.half)) return "undecided";
  if ((-matters < e.low && e.high < matters) || (e.low === 0 && e.high === 0)) return "practically equal";
  return e.low > 0 ? "better" : e.high < 0 ? "worse" : "undecided";
}

function judgeBoth(judged, other, matters) {
  const kind = judge(judged, matters.judged);
  if (!other) return kind;
  const opposite = (kind === "better" && other.high < -matters.other) || (kind === "worse" && other.low > matters.other);
  return opposite ? "divided" : kind;
}

const shifted = (e, by) => e && { ...e, value: e.value + by, low: e.low + by, high: e.high + by };

// Other forms of the model move a difference by as much as they did at the typed numbers.
function kindOf(judged, other, matters, forms) {
  const kind = judgeBoth(judged, other, matters);
  const turns = (then) => !["undecided", "divided"].includes(kind) && ![kind, "undecided"].includes(then)
    && (kind === "practically equal" || then !== "practically equal");
  const under = forms.map(([by, beside]) => judgeBoth(shifted(judged, by), shifted(other, beside), matters));
  return under.some(turns) ? "divided" : kind;
}

function figures() {
  const found = data.variants.map((variant) => {
    const w = weightsOf(variant);
    const lines = data.groups.map((_, g) => addUp(w, variant.lines.map((term) => term[g] || []), data.n));
    const first = lines.reduce((total, line) => total.map((x, r) => x + line[r]), new Array(data.n).fill(0));
    return {
      name: variant.name, lines: lines.map((line) => estimate(line)), samples: { first,
        whole: addUp(w, variant.whole, data.n), value: data.has_value ? valueOf(variant, w) : null },
      pace: data.has_pace ? estimate(addUp(w, variant.pace, data.n)) : null,
      months: addUp(w, variant.months, data.months.length),
    };
  });
  const firsts = holm(found.map((one) => one.samples.first));
  const byValue = data.decide_on === "economic_value";
  const judged = holm(found.map((one) => (byValue ? one.samples.value : one.samples.whole)));
  found.forEach((one, i) => {
    one.first = firsts[i];
    one.value = one.samples.value ? estimate(one.samples.value) : null;
    const { result, economic_value: value } = data.matters;
    const matters = byValue ? { judged: value, other: result } : { judged: result, other: value };
    one.kind = kindOf(judged[i], byValue ? one.first : one.value, matters, data.variants[i].forms);
  });
  return found;
}

// --- words -------------------------------------------------------------------------------------------

const exponent = (x) => Math.floor(Math.log10(Math.abs(x)) + 1e-12);

function rounded(value, half, signed) {
  if (!Number.isFinite(value)) return "n/a";
  const wide = half > 1e-9 * Math.abs(value) && Number.isFinite(half);
  let last = value ? exponent(value) - 2 : 0;
  if (wide) last = value ? Math.max(exponent(half) - 1, exponent(value) - 3) : exponent(half) - 1;
  const number = Math.round(Math.abs(value) / 10 ** last) * 10 ** last;
  const largest = Math.max(number, wide ? half : 0);
  const power = [9, 6, 3, 0].find((p) => largest >= 10 ** p * (1 - 1e-12)) || 0;
  let digits = (number / 10 ** power).toFixed(Math.max(0, power - last));
  if (!Number(digits)) return "0";
  if (digits.includes(".") && !wide) digits = digits.replace(/\.?0+$/, "");
  const unit = { 0: "", 3: "\u00a0k", 6: "\u00a0M", 9: "\u00a0bn" }[power];
  return (value < 0 ? "\u2212" : signed ? "+" : "") + digits + unit;
}

function gapText(e) {
  if (!e) return "\u2013";
  const tidy = (x) => (Math.abs(x) < 0.005 ? 0 : x);
  const [value, half] = [tidy(e.value), tidy(e.half)];
  const text = rounded(value, half, true);
  return Number.isNaN(e.half) ? text : `${text} ± ${half ? rounded(half, half) : "0"}`;
}

function headline(one) {
  const e = one.first;
  const money = (x, half) => `${data.currency} ${rounded(Math.abs(x), half)}`;
  let told = `no clear difference in the result ${data.when}: between ${rounded(e.low, e.half, true)} and ${rounded(e.high, e.half, true)}`;
  if (Math.abs(e.value) < 0.005) told = `no difference in the result ${data.when}`;
  else if (e.low > 0 || e.high < 0 || Number.isNaN(e.half)) {
    const [near, far] = [Math.abs(e.low), Math.abs(e.high)].sort((a, b) => a - b);
    told = `earns ${money(e.value, e.half)} ${e.value > 0 ? "more" : "less"} ${data.when}`;
    if (e.half > 0) told += ` (${rounded(near, e.half)} to ${rounded(far, e.half)})`;
  }
  return `${one.name} ${told}.`;
}

// --- what follows ----------------------------------------------------------------------------------------

const toned = { better: "good", worse: "bad", "practically equal": "even" };
const isMoved = () => at.some((x, i) => x !== now[i]);
const svg = (name, attributes) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  return node;
};

function element(name, text, className) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
}

function folded(groups) {
  const largest = Math.max(...groups.map(({ e }) => Math.abs(e.value)));
  const reach = ({ e }) => Math.max(Math.abs(e.value), Math.abs(e.low || 0), Math.abs(e.high || 0));
  const [small, rest] = [groups.filter((g) => reach(g) < 0.01 * largest), groups.filter((g) => reach(g) >= 0.01 * largest)];
  const sum = (key) => small.reduce((total, { e }) => total + e[key], 0);
  const other = { value: sum("value"), low: sum("low"), high: sum("high") };
  other.half = (other.high - other.low) / 2;
  return Math.abs(other.value) < 0.5 ? rest : [...rest, { label: "other", e: other }];
}

function drawBridge(one) {
  const room = document.getElementById("bridge");
  const title = element("h3", headline(one));
  const steps = folded(data.groups.map((label, g) => ({ label, e: one.lines[g] })));
  let level = 0;
  steps.forEach((step) => { step.from = level; level += step.e.value; });
  steps.push({ label: "result", e: one.first, from: 0, isTotal: true });
  const ends = steps.flatMap(({ e, from }) => [0, from, from + e.value, from + (e.high || e.value), from + (e.low || e.value)]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const x = (amount) => 10 + (980 * (amount - low)) / (high - low || 1);
  room.replaceChildren(title, ...steps.map(({ label, e, from, isTotal }) => {
    const row = element("div", "", isTotal ? "step total" : "step");
    const colour = isTotal ? "#3e4c59" : e.value >= 0 ? "#00664c" : "#a63f00";
    const isSure = isTotal || e.low > 0 || e.high < 0;
    const bar = svg("svg", { viewBox: "0 0 1000 20", preserveAspectRatio: "none", role: "img", "aria-label": `${label}: ${gapText(e)}` });
    bar.append(svg("line", { x1: x(0), x2: x(0), y1: 0, y2: 20, stroke: "#9aa5b1", "vector-effect": "non-scaling-stroke" }));
    bar.append(svg("rect", { x: Math.min(x(from), x(from + e.value)), width: Math.max(1, Math.abs(x(from + e.value) - x(from))), y: 4, height: 12,
      fill: isSure ? colour : "#fff", stroke: colour, "vector-effect": "non-scaling-stroke" }));
    if (e.half > 0) bar.append(svg("line", { x1: x(from + e.low), x2: x(from + e.high), y1: 10, y2: 10, stroke: "#1f2933", "stroke-width": 1.5, "vector-effect": "non-scaling-stroke" }));
    row.append(element("span", label), bar, element("b", rounded(Math.abs(e.value) < 0.005 ? 0 : e.value, e.half, true)));
    return row;
  }));
}

function drawMonths(one) {
  const room = document.getElementById("months");
  let total = 0;
  const sums = [0, ...one.months.map((x) => (total += x))];
  const [low, high] = [Math.min(...sums), Math.max(...sums)];
  const y = (amount) => 95 - (90 * (amount - low)) / (high - low || 1);
  const points = sums.map((sum, i) => `${(1000 * i) / (sums.length - 1)},${y(sum)}`).join(" ");
  const told = `By the end of ${data.months[data.months.length - 1]} the result differs by ${data.currency} ${rounded(total, 0, true)} in all`;
  const drawing = svg("svg", { viewBox: "0 0 1000 100", preserveAspectRatio: "none", role: "img", "aria-label": told });
  drawing.append(svg("line", { x1: 0, x2: 1000, y1: y(0), y2: y(0), stroke: "#9aa5b1", "vector-effect": "non-scaling-stroke" }));
  drawing.append(svg("polyline", { points, fill: "none", stroke: "#0057a8", "stroke-width": 2.5, "vector-effect": "non-scaling-stroke" }));
  room.replaceChildren(element("h3", `${told}.`), drawing, element("p", `Cumulative difference in the result, ${data.months[0]} to ${data.months[data.months.length - 1]}.`, "note"));
}

function commandOf() {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const sets = all.flatMap((one, i) => (at[i] === now[i] ? [] : [` --set ${quote(`${one.path}=${one.before}${at[i]}${one.after}`)}`]));
  return `${data.command}${sets.join("")}`;
}

function follow() {
  const found = figures();
  const isOther = isMoved();
  const rules = ["result", "economic_value"].includes(data.decide_on);
  found.forEach((one, i) => {
    const kind = rules ? one.kind : data.kinds[i];
    document.querySelectorAll(`[data-kind="${i}"]`).forEach((badge) => {
      badge.textContent = kind;
      badge.className = `kind ${toned[kind] || "open"}`;
    });
    document.querySelector(`[data-headline="${i}"]`).textContent = headline(one);
    document.querySelectorAll(`[data-of="v${i}"]`).forEach((cell) => { cell.textContent = gapText(one[cell.dataset.name]); });
  });
  document.getElementById("moved").hidden = !isOther;
  document.body.classList.toggle("has-moved", isOther);
  const which = document.getElementById("which");
  if (!which) return;
  const chosen = found[Number(which.value)];
  const texts = [gapText(chosen.first), `pace ${gapText(chosen.pace)}`, `value ${gapText(chosen.value)}`];
  document.getElementById("live").textContent = `${chosen.name}: ${texts.join(" | ")}`;
  drawBridge(chosen);
  drawMonths(chosen);
  document.getElementById("command").textContent = commandOf();
  const byDice = "A verdict's kind is read anew from the intervals, from value, and from other forms of the model, which move a difference by as much as they did at the typed numbers.";
  document.getElementById("rule").textContent = rules ? byDice : `The verdicts are on ${data.decide_on}, which none of these numbers moves: only the figures follow.`;
  all.forEach((_, i) => {
    document.getElementById(`n${i}`).closest(".number").classList.toggle("changed", at[i] !== now[i]);
  });
}

function set(i, value) {
  const one = all[i];
  if (!Number.isFinite(value)) return;
  at[i] = Math.min(Math.max(value, one.low), one.high);
  document.getElementById(`r${i}`).value = at[i];
  if (document.activeElement !== document.getElementById(`n${i}`)) document.getElementById(`n${i}`).value = at[i];
  follow();
}

function nice(one, value) {
  if (Math.abs(value - one.now) < one.step / 2) return one.now;
  return Number((Math.round(value / one.step) * one.step).toPrecision(12));
}

document.getElementById("numbers")?.addEventListener("input", (event) => {
  const i = Number(event.target.dataset.i);
  if (!Number.isInteger(i)) return;
  const value = event.target.valueAsNumber;
  set(i, event.target.type === "range" ? nice(all[i], value) : value);
});
document.getElementById("numbers")?.addEventListener("reset", () => {
  at = now.slice();
  setTimeout(follow);
});
document.getElementById("numbers")?.addEventListener("change", (event) => {
  const i = Number(event.target.dataset.i);
  if (Number.isInteger(i)) event.target.value = at[i];
});
document.getElementById("which")?.addEventListener("change", follow);
window.addEventListener("beforeprint", () => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
});
window.board = { set, figures, command: commandOf, numbers: all };
follow();
