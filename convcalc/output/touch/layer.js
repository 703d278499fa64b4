"use strict";
// What a layer calculates. Windows span one tensor, x, and for each window there is a place in
// another, y; where they have weights, w, a tap of a window is a triple of the three, and
//   y = Σ x·w,  w = Σ x·y,  x = Σ y·w
// Of a convolution x is X and y is Y, of its transpose x is Y and y is X; a pooling has no weights.
// A tab says which of the three is made, of which factors, and what is shown in which order; u, m
// and q are the three as matrices.
const given = JSON.parse(document.getElementById("data").textContent);
const flat = given.flat, bpk = given.layout === "bpk", B = given.X.length;
const GATHER = { makes: "y", factors: ["x", "w"], maps: ["x", "w", "y"], matrices: ["u", "m", "q"] };
const SCATTER = { makes: "x", factors: ["y", "w"], maps: ["y", "w", "x"], matrices: ["q", "m", "u"] };
const [U, GRAD_U] = bpk ? ["Ũ", "Ũ∇"] : ["U", "U∇"];
const POOLING = {
  names: { x: "X", y: "Y", u: "windows" }, out: "y", channels: { x: "channel", y: "channel" }, axes: { x: "c", y: "c" },
  tabs: {
    forward: { makes: "y", factors: ["x"], maps: ["x", "y"], matrices: ["u"], steps: ["Y"] },
    input: { makes: "x", factors: ["y"], maps: ["y", "x"], matrices: ["u"], steps: ["X∇"] },
  },
};
const KINDS = {
  convolution: {
    names: { x: "X", w: "W", y: "Y", u: U, m: "W̃", q: "Y′" }, out: "y", channels: { x: "channel", y: "c_out" }, axes: { x: "c", y: "c_out" },
    tabs: {
      forward: { ...GATHER, steps: [U, "Y′", "Y"], product: bpk ? "ŨW̃" : "UᵀW̃" },
      weight: { makes: "w", factors: ["x", "y"], maps: ["x", "y", "w"], matrices: ["u", "q", "m"], steps: ["Y′∇", "W̃∇", "W∇"], product: bpk ? "Σ_b Ũᵀ Y′∇" : "Σ_b U Y′∇" },
      input: { ...SCATTER, steps: ["Y′∇", GRAD_U, "X∇"], product: bpk ? "Y′∇ W̃ᵀ" : "W̃ Y′∇ᵀ" },
    },
  },
  transposed: {
    names: { x: "Y", w: "W", y: "X", u: "Ũ", m: "W̃", q: "X′" }, out: "x", channels: { x: "c_out", y: "channel" }, axes: { x: "c_out", y: "c" },
    tabs: {
      forward: { ...SCATTER, steps: ["X′", "Ũ", "Y"], product: "X′W̃" },
      weight: { makes: "w", factors: ["y", "x"], maps: ["y", "x", "w"], matrices: ["q", "u", "m"], steps: ["Ũ∇", "W̃∇", "W∇"], product: "Σ_b X′ᵀ Ũ∇" },
      input: { ...GATHER, steps: ["Ũ∇", "X′∇", "X∇"], product: "Ũ∇ W̃ᵀ" },
    },
  },
  max: POOLING,
  avg: POOLING,
};
const KIND = KINDS[given.kind], TABS = KIND.tabs, MATRIX_OF = { x: "u", w: "m", y: "q" };
const transposed = given.kind === "transposed", pooling = KIND === POOLING, largest = given.kind === "max";

let set, made, tab = "forward";

// ---- the layer -------------------------------------------------------------------------------
function asked() {
  const n = { oh: 0, ow: 0, ceil: 0 };
  for (const input of document.getElementById("settings").elements) if (input.name) {
    if (input.type === "checkbox") { n[input.name] = Number(input.checked); continue; }
    const least = Number(input.min), right = /^\d{1,6}$/.test(input.value) && Number(input.value) >= least;
    input.setAttribute("aria-invalid", String(!right));
    if (!right) return { refused: `${input.getAttribute("aria-label")}: a whole number from ${least} on is expected` };
    n[input.name] = Number(input.value);
  }
  n.pb ??= n.pt; n.pr ??= n.pl;
  if (pooling) n.o = n.g = n.c;
  if (n.c % n.g || n.o % n.g) return { refused: `groups ${n.g} must divide both ${n.c} input channels and ${n.o} output channels` };
  const down = along(flat ? "" : "height", n.h, n.kh, n.sh, n.pt, n.pb, n.dh, n.oh, n.ceil);
  const across = along(flat ? "length" : "width", n.w, n.kw, n.sw, n.pl, n.pr, n.dw, n.ow, n.ceil);
  const refused = down.refused ?? across.refused;
  if (refused) return { refused };
  const [c, o] = transposed ? [n.o, n.c] : [n.c, n.o];
  const taps = n.kh * n.kw, k = c * taps, P = down.windows * across.windows;
  const sizes = pooling ? { X: B * c * down.padded * across.padded, "the windows": B * P * k }
    : transposed ? { X: B * o * P, "W̃": o * k, "Ũ": B * P * k, Y: B * c * down.size * across.size, "X stretched": B * o * (down.size + down.span - 1) * (across.size + across.span - 1) }
    : { X: B * c * down.padded * across.padded, "Ũ": B * P * k, "W̃": k * o, "Y′": B * P * o };
  for (const name in sizes) if (sizes[name] > given.limit)
    return { refused: `too large to show: ${name} would hold ${sizes[name].toLocaleString("en")} numbers, the limit is ${given.limit.toLocaleString("en")}` };
  return { ...n, fields: n, c, o, h: down.size, w: across.size, H: down.windows, W: across.windows, Hp: down.shown, Wp: across.shown,
    down, across, P, k, taps, share: c / n.g, outs: o / n.g, spans: [down.span, across.span] };
}
// One axis: `size` of the tensor that `windows` span, and how much of it is `shown` with padding.
function along(name, size, kernel, stride, before, after, dilation, added, ceil) {
  const span = dilation * (kernel - 1) + 1, padded = size + before + after;
  if (transposed) {
    const full = (size - 1) * stride + span + added, most = Math.max(stride, dilation);
    if (added >= most) return { refused: `output padding ${added} is not below the larger of stride ${stride} and dilation ${dilation}` };
    if (before + after >= full) return { refused: `padding takes away the whole ${name} of the output, ${full}` };
    return { size: full - before - after, windows: size, shown: full, span, padded: full };
  }
  if (pooling && Math.max(before, after) >= span) return { refused: `padding ${Math.max(before, after)} is not below the window, which spans ${span} and could then lie wholly in it` };
  let windows = (ceil ? Math.ceil : Math.floor)((padded - span) / stride) + 1;
  if (ceil && (windows - 1) * stride >= before + size) windows -= 1;
  if (windows < 1) return { refused: `a kernel that spans ${span} does not fit a padded ${name} of ${padded}` };
  if (largest) for (let at = 0; at < windows; at++) {
    const reads = range(kernel).map(tap => at * stride + tap * dilation - before);
    if (!reads.some(place => place >= 0 && place < size)) return { refused: `window ${at} of the ${name} reads nothing but padding` };
  }
  return { size, windows, span, padded, shown: Math.max(padded, (windows - 1) * stride + span) };
}
const range = n => Array.from({ length: n }, (_, at) => at);
const shape = t => Array.isArray(t) ? [t.length, ...shape(t[0])] : [];
function tensor(own, sizes, step) { // own numbers where they have these sizes, else counted up
  if (own && shape(own).join() === sizes.join()) return own;
  let count = 0;
  const fill = ([first, ...rest]) => Array.from({ length: first }, () => rest.length ? fill(rest) : (count += step));
  return fill(sizes);
}
function numbers() {
  const { c, h, w, o, kh, kw, share, H, W } = set, spanned = [B, c, h, w], moves = [B, o, H, W];
  const [x, y] = transposed ? [tensor(given.grad_Y, spanned, given.step), tensor(given.X, moves, 1)]
    : [tensor(given.X, spanned, 1), tensor(given.grad_Y, moves, given.step)];
  return { x, y, w: !pooling && tensor(given.W, [o, share, kh, kw], 1), bias: given.bias && tensor(given.bias, [transposed ? c : o], 1) };
}

// ---- the triples -----------------------------------------------------------------------------
const real = t => t.y >= set.pt && t.y < set.pt + set.h && t.x >= set.pl && t.x < set.pl + set.w;
// What counts: of a maximum no padding, of an average nothing beyond the padding.
const counts = t => !pooling || (largest ? real(t) : t.y < set.down.padded && t.x < set.across.padded);
const VALUE = {
  x: t => real(t) ? made.from.x[t.n][t.c][t.y - set.pt][t.x - set.pl] : 0,
  w: t => made.from.w[t.o][t.cl][t.u][t.v],
  y: t => made.from.y[t.n][t.o][t.i][t.j],
};
function triple(n, o, r, cl, u, v) {
  const i = Math.floor(r / set.W), j = r % set.W, c = Math.floor(o / set.outs) * set.share + cl;
  const tap = u * set.kw + v;
  return { n, o, r, i, j, cl, c, u, v, tap, q: c * set.taps + tap, y: i * set.sh + u * set.dh, x: j * set.sw + v * set.dw };
}
const all = { n: () => range(B), o: () => range(set.o), r: () => range(set.P), cl: () => range(set.share), u: () => range(set.kh), v: () => range(set.kw) };
function triples(fixed) { // every triple with these letters
  const of = letter => fixed[letter] === undefined ? all[letter]() : [fixed[letter]];
  const found = [], kernels = fixed.c === undefined ? of("o") : of("o").filter(o => Math.floor(o / set.outs) === Math.floor(fixed.c / set.share));
  const channels = fixed.c === undefined ? of("cl") : [fixed.c % set.share];
  for (const n of of("n")) for (const o of kernels) for (const r of of("r"))
    for (const cl of channels) for (const u of of("u")) for (const v of of("v")) found.push(triple(n, o, r, cl, u, v));
  return found;
}
function readers({ n, c, y, x }) { // the triples of a place that windows span, padding counted in
  const found = [];
  for (const o of range(set.outs).map(each => Math.floor(c / set.share) * set.outs + each)) {
    const patches = [];
    for (const u of range(set.kh)) for (const v of range(set.kw)) {
      const i = (y - u * set.dh) / set.sh, j = (x - v * set.dw) / set.sw;
      if (Number.isInteger(i) && Number.isInteger(j) && i >= 0 && j >= 0 && i < set.H && j < set.W)
        patches.push(triple(n, o, i * set.W + j, c % set.share, u, v));
    }
    found.push(...patches.sort((a, b) => a.r - b.r));
  }
  return found;
}
const KEY = {
  x: t => `x ${t.n} ${t.c} ${t.y} ${t.x}`,
  w: t => `w ${t.o} ${t.cl} ${t.u} ${t.v}`,
  y: t => `y ${t.n} ${t.o} ${t.i} ${t.j}`,
  u: t => `u ${t.n} ${t.r} ${t.q}`,
  m: t => `m ${t.q} ${t.o}`,
  q: t => `q ${t.n} ${t.r} ${t.o}`,
};
// The triples of one cell: what a cell of the result is made of, or what another feeds.
const OF = {
  x: readers,
  w: t => triples({ o: t.o, cl: t.cl, u: t.u, v: t.v }),
  y: t => triples({ n: t.n, o: t.o, r: t.r }),
  u: t => triples({ n: t.n, r: t.r, c: t.c, u: t.u, v: t.v }),
  patch: t => triples({ n: t.n, r: t.r }),
  m: t => t.inside ? OF.w(t) : [],
  q: t => OF.y(t),
};
// Of a pooling: which tap of a window is its maximum, the first of several; how many positions it has.
function chosen(t) {
  const key = KEY.y(t);
  if (!made.chosen.has(key)) {
    let best;
    for (const each of triples({ n: t.n, o: t.o, r: t.r })) if (real(each) && (!best || VALUE.x(each) > VALUE.x(best))) best = each;
    made.chosen.set(key, best);
  }
  return made.chosen.get(key);
}
const size = t => triples({ n: 0, o: 0, r: t.r }).filter(counts).length;
const back = () => tab !== "forward";
// Whether a triple takes part in what is shown, and what it adds to the result.
const used = t => counts(t) && (!pooling || !back() || real(t) && (!largest || chosen(t).tap === t.tap));
function product(t) {
  const [first, second] = TABS[tab].factors;
  if (!pooling) return VALUE[first](t) * VALUE[second](t);
  if (!used(t) || largest && chosen(t).tap !== t.tap) return 0;
  return back() && !largest ? VALUE.y(t) / made.sizes[t.r] : VALUE[first](t);
}
const finished = (kind, t, sum) => // a number once everything is added up
  given.kind === "avg" && kind === "y" && !back() ? sum / made.sizes[t.r] : kind === KIND.out && !back() && made.from.bias ? sum + made.from.bias[transposed ? t.c : t.o] : sum;

// ---- the results, of the patches up to one, and every cell's number -----------------------------
function calculated() { // what a layer's tabs are calculated from
  made = { from: numbers(), chosen: new Map() };
  if (pooling) made.sizes = range(set.P).map(r => size({ r }));
}
function results(last) {
  const sums = new Map(), { makes } = TABS[tab], end = new Map();
  const add = (kind, t, value) => { const key = KEY[kind](t); sums.set(key, (sums.get(key) ?? 0) + value); end.set(key, [kind, t]); };
  for (const n of range(B)) for (let r = 0; r <= last; r++) for (const o of range(set.o))
    for (const cl of range(set.share)) for (const u of range(set.kh)) for (const v of range(set.kw)) {
      const t = triple(n, o, r, cl, u, v), value = product(t);
      if (makes !== "x" || real(t)) add(makes, t, value);
      if (makes === "y") add("q", t, value);
      if (makes === "x" && counts(t)) add("u", t, value);
    }
  if (makes === "x") // where no window is there is nothing, or the bias alone
    for (const n of range(B)) for (const c of range(set.c)) for (const y of range(set.h)) for (const x of range(set.w)) add("x", { n, c, y: y + set.pt, x: x + set.pl }, 0);
  for (const [key, [kind, t]] of end) sums.set(key, finished(kind, t, sums.get(key)));
  if (makes === "w") // W̃∇ has the products of other groups too
    for (const q of range(set.k)) for (const o of range(set.o)) {
      let sum = 0;
      for (const n of range(B)) for (let r = 0; r <= last; r++) { const t = unfolded(n, r, q); sum += VALUE.x(t) * made.from.y[n][o][t.i][t.j]; }
      sums.set(`m ${q} ${o}`, sum);
    }
  return sums;
}
function unfolded(n, r, q) {
  const c = Math.floor(q / set.taps), tap = q % set.taps, o = Math.floor(c / set.share) * set.outs;
  return triple(n, o, r, c % set.share, Math.floor(tap / set.kw), tap % set.kw);
}
function weight(q, o) {
  const t = { ...unfolded(0, 0, q), o };
  t.inside = Math.floor(o / set.outs) === Math.floor(t.c / set.share);
  return t;
}
const makes = kind => { const { makes } = TABS[tab]; return kind === makes || kind === MATRIX_OF[makes]; };
function number(kind, t, sums) { // undefined where there is none, or none yet
  if (makes(kind)) return sums.get(KEY[kind](t));
  if (kind === "x" || kind === "u") return counts(t) ? VALUE.x(t) : undefined;
  if (kind === "w") return VALUE.w(t);
  if (kind === "m") return t.inside ? VALUE.w(t) : 0;
  return VALUE.y(t);
}
function plain(v) { // whole numbers as they are, others to six digits
  if (Number.isSafeInteger(v)) return String(v);
  const [digits, power] = v.toPrecision(6).split("e");
  return Number(digits) + (power ? `e${power}` : "");
}
const factor = v => v < 0 ? `(${plain(v)})` : plain(v);

// ---- what the formulas' δs mean ------------------------------------------------------------------
const linear = (terms, less = 0) => terms.map(([by, letter]) => by === 1 ? letter : `${by}·${letter}`).join(" + ") + (less ? ` − ${less}` : "");
const place = letters => letters.length === 1 ? letters : `(${[...letters].join(", ")})`;
function where() {
  const { W, taps, kw, share, outs, g } = set, cd = flat ? "c" : "cd", ij = flat ? "j" : "ij", uv = flat ? "v" : "uv", yx = flat ? "x" : "yx";
  const numbered = (by, letters) => linear((flat ? [1] : [by, 1]).map((each, at) => [each, letters[at]]));
  const first = letter => outs > 1 ? `⌊${letter}/${outs}⌋` : letter;
  const value = (kernel, channel, letters) => linear([[taps, g === 1 ? channel : `(${linear([[share, first(kernel)], [1, channel]])})`]]) + ` + ${numbered(kw, letters)}`;
  const axes = flat ? [[set.sw, set.dw, set.pl]] : [[set.sh, set.dh, set.pt], [set.sw, set.dw, set.pl]];
  const places = letters => axes.map(([s, d, p], at) => `${letters[at]} = ${linear([[s, ij[at]], [d, uv[at]]], p)}`);
  if (largest) return [`δ_ab${ij},${yx} = 1 ⇔ X_ab${yx} is the first maximum of what window ${place(ij)} reads`];
  if (pooling) return [`δ_${ij},${yx} = 1 ⇔ ${places(yx).join(", ")} for a tap ${place(uv)}; n_${ij} is how many positions the window has`];
  const own = (g > 1 ? "a" : "") + "b" + cd, equal = letters => `δ_${letters} = 1 ⇔ ${[...letters].join(" = ")}, and 0 elsewhere`;
  const patch = `δ_${cd},f = 1 ⇔ f = ${numbered(W, cd)}`, kernels = `δ_h,${own} = 1 ⇔ h = ${value("a", "b", cd)}`;
  const reading = `δ_fh,b${cd} = 1 ⇔ f = ${numbered(W, ij)}, h = ${linear([[taps, "b"]])} + ${numbered(kw, uv)}, ${places(cd).join(", ")}`;
  const said = places(yx).map((each, at) => `δ_${yx[at]},${ij[at]}${uv[at]} = 1 ⇔ ${each}`);
  if (transposed) {
    const channel = g > 1 ? [`(co) = ${linear([[share, first("c")], [1, "o"]])}`] : [];
    if (tab === "forward") return [equal("ae"), patch, reading];
    return tab === "weight" ? [reading, kernels, ...said, ...channel] : [reading, equal("ae"), patch, ...said, ...channel];
  }
  if (tab === "forward") return [equal("ea"), patch, reading];
  if (tab === "weight") return [equal("ea"), patch, kernels, `(${g > 1 ? "o" : ""}c${uv}) = ${value("o", "c", uv)}`];
  return [equal("ea"), patch, reading, ...said, ...(g > 1 ? [`δ_c,og = 1 ⇔ c = ${linear([[share, first("o")], [1, "g"]])}`] : [])];
}
