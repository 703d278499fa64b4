"use strict";
(() => {
// Everything is a sum over triples: a cell of X meets a weight for a cell of Y.
//   Y = Σ X·W,  W∇ = Σ X·Y∇,  X∇ = Σ Y∇·W
// A tab says which of the three is made, and a pointed-out cell which triples are looked at.
const given = JSON.parse(document.getElementById("data").textContent);
const by = id => document.getElementById(id);
const TABS = {
  forward: { makes: "y", factors: ["x", "w"], maps: ["x", "w", "y"], matrices: ["u", "m", "q"], steps: ["Ũ", "Y′", "Y"] },
  weight: { makes: "w", factors: ["x", "y"], maps: ["x", "y", "w"], matrices: ["u", "q", "m"], steps: ["Y′∇", "W̃∇", "W∇"] },
  input: { makes: "x", factors: ["y", "w"], maps: ["y", "w", "x"], matrices: ["q", "m", "u"], steps: ["Y′∇", "Ũ∇", "X∇"] },
};
const MATRIX_OF = { x: "u", w: "m", y: "q" };
const MOST_SUMS = 4, MOST_TERMS = 48, PACE = 900;
const flat = given.flat, bpk = given.layout === "bpk", B = given.X.length;

let set, made, tab = "forward", focus, cells, windows, lit = [], upto = null, timer = 0;

// ---- the layer -------------------------------------------------------------------------------
function asked() {
  const numbers = {};
  for (const input of by("settings").elements) if (input.name) {
    const least = Number(input.min), right = /^\d+$/.test(input.value) && Number(input.value) >= least;
    input.setAttribute("aria-invalid", String(!right));
    if (!right) return { refused: `${input.getAttribute("aria-label")}: a whole number from ${least} on is expected` };
    numbers[input.name] = Number(input.value);
  }
  const { c, h, w, o, kh, kw, sh, sw, pt, pb, pl, pr, dh, dw, g } = numbers;
  if (c % g || o % g) return { refused: `groups ${g} must divide both ${c} input channels and ${o} output channels` };
  const spans = [dh * (kh - 1) + 1, dw * (kw - 1) + 1], padded = [h + pt + pb, w + pl + pr];
  for (const axis of [0, 1]) if (spans[axis] > padded[axis])
    return { refused: `a kernel that spans ${spans[axis]} does not fit a padded ${axis || flat ? "width" : "height"} of ${padded[axis]}` };
  const H = Math.floor((padded[0] - spans[0]) / sh) + 1, W = Math.floor((padded[1] - spans[1]) / sw) + 1;
  const k = c * kh * kw, P = H * W;
  const sizes = { X: B * c * padded[0] * padded[1], "Ũ": B * P * k, "W̃": k * o, "Y′": B * P * o };
  for (const name in sizes) if (sizes[name] > given.limit)
    return { refused: `too large to show: ${name} would hold ${sizes[name].toLocaleString("en")} numbers, the limit is ${given.limit.toLocaleString("en")}` };
  return { ...numbers, H, W, P, k, Hp: padded[0], Wp: padded[1], share: c / g, outs: o / g, taps: kh * kw, spans };
}
const shape = t => Array.isArray(t) ? [t.length, ...shape(t[0])] : [];
function tensor(own, sizes, step) { // own numbers where they have these sizes, else counted up
  if (own && shape(own).join() === sizes.join()) return own;
  let count = 0;
  const fill = ([first, ...rest]) => Array.from({ length: first }, () => rest.length ? fill(rest) : (count += step));
  return fill(sizes);
}
function numbers() {
  const { c, h, w, o, kh, kw, share, H, W } = set;
  return {
    x: tensor(given.X, [B, c, h, w], 1),
    w: tensor(given.W, [o, share, kh, kw], 1),
    y: tensor(given.grad_Y, [B, o, H, W], given.step),
    bias: given.bias && tensor(given.bias, [o], 1),
  };
}

// ---- the triples -----------------------------------------------------------------------------
const real = (y, x) => y >= set.pt && y < set.pt + set.h && x >= set.pl && x < set.pl + set.w;
const valueX = t => real(t.y, t.x) ? made.from.x[t.n][t.c][t.y - set.pt][t.x - set.pl] : 0;
const VALUE = { x: valueX, w: t => made.from.w[t.o][t.cl][t.u][t.v], y: t => made.from.y[t.n][t.o][t.i][t.j] };
function triple(n, o, r, cl, u, v) {
  const i = Math.floor(r / set.W), j = r % set.W, c = Math.floor(o / set.outs) * set.share + cl;
  const tap = u * set.kw + v;
  return { n, o, r, i, j, cl, c, u, v, tap, q: c * set.taps + tap, y: i * set.sh + u * set.dh, x: j * set.sw + v * set.dw };
}
const range = n => Array.from({ length: n }, (_, at) => at);
const all = { n: () => range(B), o: () => range(set.o), r: () => range(set.P), cl: () => range(set.share), u: () => range(set.kh), v: () => range(set.kw) };
function triples(fixed) { // every triple with these letters
  const of = letter => fixed[letter] === undefined ? all[letter]() : [fixed[letter]];
  const found = [], kernels = fixed.c === undefined ? of("o") : of("o").filter(o => Math.floor(o / set.outs) === Math.floor(fixed.c / set.share));
  const channels = fixed.c === undefined ? of("cl") : [fixed.c % set.share];
  for (const n of of("n")) for (const o of kernels) for (const r of of("r"))
    for (const cl of channels) for (const u of of("u")) for (const v of of("v")) found.push(triple(n, o, r, cl, u, v));
  return found;
}
function readers(n, c, y, x) { // the triples of a place of the padded X
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
  x: t => readers(t.n, t.c, t.y, t.x),
  w: t => triples({ o: t.o, cl: t.cl, u: t.u, v: t.v }),
  y: t => triples({ n: t.n, o: t.o, r: t.r }),
  u: t => triples({ n: t.n, r: t.r, c: t.c, u: t.u, v: t.v }),
  patch: t => triples({ n: t.n, r: t.r }),
  m: t => t.inside ? OF.w(t) : [],
  q: t => OF.y(t),
};

// ---- the results, of the patches up to one, and every cell's number -----------------------------
function results(last) {
  const sums = new Map(), add = (key, value) => sums.set(key, (sums.get(key) ?? 0) + value);
  for (const n of range(B)) for (let r = 0; r <= last; r++) for (const o of range(set.o))
    for (const cl of range(set.share)) for (const u of range(set.kh)) for (const v of range(set.kw)) {
      const t = triple(n, o, r, cl, u, v), g = VALUE.y(t), x = VALUE.x(t), w = VALUE.w(t);
      if (tab === "forward") { add(KEY.y(t), x * w); add(KEY.q(t), x * w); }
      else if (tab === "weight") { add(KEY.w(t), x * g); }
      else { add(KEY.u(t), g * w); if (real(t.y, t.x)) add(KEY.x(t), g * w); }
    }
  if (tab === "forward" && made.from.bias)
    for (const n of range(B)) for (const o of range(set.o)) for (let r = 0; r <= last; r++) add(KEY.y(triple(n, o, r, 0, 0, 0)), made.from.bias[o]);
  if (tab === "weight") // W̃∇ = Σ_b Ũᵀ Y′∇, the products of other groups too
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
function number(kind, t, sums) { // undefined where there is none yet
  if (makes(kind)) return sums.get(KEY[kind](t)) ?? (kind === "x" && real(t.y, t.x) ? 0 : undefined);
  if (kind === "x" || kind === "u") return VALUE.x(t);
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

// ---- the formulas -----------------------------------------------------------------------------
function here() { // which numbers belong to the places that are pointed at
  const { t } = focus, examples = [`f = ${focus.r} ⇔ ${flat ? "c" : "(c, d)"} = ${windowName(focus.r).replace(flat ? /[()]/g : "", "")}`];
  const tap = t.tap !== undefined && "wmu".includes(focus.kind);
  if (tap && tab === "weight") examples.push(`h = ${t.q} ⇔ ${place((set.g > 1 ? "a" : "") + (flat ? "bc" : "bcd"))} = (${[...(set.g > 1 ? [t.o] : []), t.cl, ...(flat ? [t.v] : [t.u, t.v])].join(", ")})`);
  else if (tap) examples.push(`h = ${t.q} ⇔ ${flat ? "(b, v)" : "(b, u, v)"} = (${[t.c, ...(flat ? [t.v] : [t.u, t.v])].join(", ")})`);
  return `here: ${examples.join(", ")}`;
}
const linear = (terms, less = 0) => terms.map(([by, letter]) => by === 1 ? letter : `${by}·${letter}`).join(" + ") + (less ? ` − ${less}` : "");
const place = letters => letters.length === 1 ? letters : `(${[...letters].join(", ")})`;
function where() {
  const { W, taps, kw, share, outs, g, o } = set, cd = flat ? "c" : "cd", ij = flat ? "j" : "ij", uv = flat ? "v" : "uv";
  const row = letters => linear((flat ? [1] : [W, 1]).map((by, at) => [by, letters[at]]));
  const inside = letters => linear((flat ? [1] : [kw, 1]).map((by, at) => [by, letters[at]]));
  const first = letter => outs > 1 ? `⌊${letter}/${outs}⌋` : letter;
  const value = (kernel, channel, letters) => (g === 1 ? linear([[taps, channel]]) : linear([[taps, `(${linear([[share, first(kernel)], [1, channel]])})`]])) + ` + ${inside(letters)}`;
  const axes = flat ? [[set.sw, set.dw, set.pl]] : [[set.sh, set.dh, set.pt], [set.sw, set.dw, set.pl]];
  const places = letters => axes.map(([s, d, p], at) => `${letters[at]} = ${linear([[s, ij[at]], [d, uv[at]]], p)}`);
  const own = (g > 1 ? "a" : "") + "b" + cd;
  const patch = `δ_${cd},f = 1 ⇔ f = ${row(cd)}`, kernels = `δ_h,${own} = 1 ⇔ h = ${value("a", "b", cd)}`;
  const reading = `δ_fh,b${cd} = 1 ⇔ f = ${row(ij)}, h = ${linear([[taps, "b"]])} + ${inside(uv)}, ${places(cd).join(", ")}`;
  const equal = "δ_ea = 1 ⇔ e = a, and 0 elsewhere";
  if (tab === "forward") return [equal, patch, reading];
  if (tab === "weight") return [equal, patch, kernels, `(${g > 1 ? "o" : ""}c${uv}) = ${value("o", "c", uv)}`];
  const yx = flat ? "x" : "yx", said = places(yx).map((each, at) => `δ_${yx[at]},${ij[at]}${uv[at]} = 1 ⇔ ${each}`);
  return [equal, patch, reading, ...said, ...(g > 1 ? [`δ_c,og = 1 ⇔ c = ${linear([[share, outs > 1 ? `⌊o/${outs}⌋` : "o"], [1, "g"]])}`] : [])];
}
function subscripts(text, tag) {
  const e = document.createElement(tag);
  for (const [at, part] of text.split(/_((?:[a-z]|\([a-z]+\))+(?:,[a-z]+)?)/).entries()) {
    if (at % 2) { const sub = document.createElement("sub"); sub.textContent = part; e.append(sub); }
    else e.append(part);
  }
  return e;
}
function formulas() {
  const letters = given.letters[set.g > 1 ? 1 : 0], out = [];
  for (const step of TABS[tab].steps) {
    const box = document.createElement("div");
    const of = step === "Ũ" && !bpk ? "U" : step === "Ũ∇" && !bpk ? "U∇" : step;
    for (const line of letters[of] ?? []) {
      const e = subscripts(line, "div");
      if (line.startsWith("∂L")) e.className = "altogether";
      if (line.startsWith("=")) e.className = "more";
      box.append(e);
    }
    out.push(box);
  }
  const box = document.createElement("div");
  box.className = "where";
  box.append(...where().map(each => subscripts(each, "span")), element("b"));
  by("formula").replaceChildren(...out, box);
}

// ---- the tables -------------------------------------------------------------------------------
function element(tag, text, kind) {
  const e = document.createElement(tag);
  if (text !== undefined) e.textContent = text;
  if (kind) e.className = kind;
  return e;
}
const hue = tap => Math.round(tap * 360 / set.taps + 200) % 360;
const gradient = kind => tab !== "forward" && (makes(kind) || kind === "y" || kind === "q");
const NAMES = { x: "X", w: "W", y: "Y", u: bpk ? "Ũ" : "U", m: "W̃", q: "Y′" };
const called = kind => NAMES[kind] + (gradient(kind) ? "∇" : "");
const of = (...places) => flat ? places.filter((_, at) => at !== 2) : places;
const hw = letters => flat ? letters.replace(/h(_?\w*), w\1/, "l$1") : letters;
const ROLES = {
  x: () => [hw("(b, c, h, w)"), of(B, set.c, set.h, set.w), set.Hp * set.Wp > set.h * set.w ? "dashed: padding" : ""],
  w: () => [hw(set.g > 1 ? "(c_out, c/groups, h_k, w_k)" : "(c_out, c, h_k, w_k)"), of(set.o, set.share, set.kh, set.kw), ""],
  y: () => [hw("(b, c_out, h_out, w_out)"), of(B, set.o, set.H, set.W), tab === "forward" && made.from.bias ? `plus the bias (${made.from.bias.map(plain).join(", ")})` : ""],
  u: () => [bpk ? "(b, p, k)" : "(b, k, p)", bpk ? [B, set.P, set.k] : [B, set.k, set.P], tab === "input" ? (bpk ? "Y′∇ W̃ᵀ" : "W̃ Y′∇ᵀ") : ""],
  m: () => ["(k, c_out)", [set.k, set.o], tab === "weight" ? (bpk ? "Σ_b Ũᵀ Y′∇" : "Σ_b U Y′∇") : ""],
  q: () => ["(b, p, c_out)", [B, set.P, set.o], tab === "forward" ? (bpk ? "ŨW̃" : "UᵀW̃") : ""],
};
function section(kind, tables) {
  const part = element("section"), maps = element("div", undefined, "maps"), [letters, sizes, how] = ROLES[kind]();
  const title = element("h2", called(kind) + " ");
  title.append(element("span", `${letters} = (${sizes.join(", ")})${how ? `, ${how}` : ""}`));
  for (const table of tables) { const box = element("div", undefined, "scroll"); box.append(table); maps.append(box); }
  part.append(title, maps);
  return part;
}
// A table of one map or matrix; `at` gives the triple that a row and a column stand for.
function table(kind, caption, rows, columns, at, labels, heads) {
  const box = element("div", undefined, "map"), t = element("table"), body = element("tbody");
  t.dataset.kind = kind;
  if (caption) t.append(element("caption", caption));
  if (heads) {
    const head = element("thead");
    for (const [letter, names] of heads) { const tr = element("tr"); tr.append(element("th", letter), ...names.map(name => element("th", name))); head.append(tr); }
    t.append(head);
  }
  for (let i = 0; i < rows; i++) {
    const tr = element("tr");
    if (labels) { const th = element("th", labels[i]); th.scope = "row"; tr.append(th); }
    for (let j = 0; j < columns; j++) {
      const triple = at(i, j), td = element("td");
      td.triple = triple; td.kind = kind;
      if (kind === "x" && !real(triple.y, triple.x)) td.className = "pad";
      if (kind === "u" && !real(triple.y, triple.x)) td.className = "pad";
      if (kind === "m" && !triple.inside) td.className = "other";
      if (kind === "w" || kind === "m" && triple.inside) { td.classList.add("hue"); td.style.setProperty("--hue", hue(triple.tap)); }
      cells.set(KEY[kind](triple), td);
      tr.append(td);
    }
    body.append(tr);
  }
  t.append(body);
  if ("xwy".includes(kind)) { t.tabIndex = 0; t.setAttribute("aria-label", `${called(kind)} ${caption}: arrow keys move`); }
  box.append(t);
  return box;
}
const sample = n => B > 1 ? `sample ${n}, ` : "";
const patchNames = () => range(set.P).map(r => `${r} ${windowName(r)}`);
const windowName = r => `(${(flat ? [r % set.W] : [Math.floor(r / set.W), r % set.W]).join(", ")})`;
const valueNames = () => range(set.k).map(q => { const t = unfolded(0, 0, q); return flat ? [t.c, t.v] : [t.c, t.u, t.v]; });
const TABLES = {
  x: () => range(B).flatMap(n => range(set.c).map(c => outlined("x", n, c, table("x", `${sample(n)}channel ${c}`, set.Hp, set.Wp,
    (y, x) => ({ n, c, cl: c % set.share, y, x })))))
  ,
  w: () => range(set.o).flatMap(o => range(set.share).map(cl => table("w", `${called("w")}[${o}, ${cl}]${set.g > 1 ? ` on channel ${Math.floor(o / set.outs) * set.share + cl}` : ""}`, set.kh, set.kw,
    (u, v) => triple(0, o, 0, cl, u, v)))),
  y: () => range(B).flatMap(n => range(set.o).map(o => table("y", `${sample(n)}c_out ${o}`, set.H, set.W, (i, j) => triple(n, o, i * set.W + j, 0, 0, 0)))),
  u: () => range(B).map(n => {
    const names = valueNames(), letters = flat ? ["c", "v"] : ["c", "u", "v"], caption = B > 1 ? `sample ${n}` : "";
    if (bpk) return outlined("u", n, 0, table("u", caption, set.P, set.k, (r, q) => unfolded(n, r, q), patchNames(), letters.map((letter, at) => [letter, names.map(name => name[at])])));
    return outlined("u", n, 0, table("u", caption, set.k, set.P, (q, r) => unfolded(n, r, q), names.map(name => `(${name.join(", ")})`), [["p", range(set.P)]]));
  }),
  m: () => [table("m", "", set.k, set.o, (q, o) => weight(q, o), valueNames().map(name => `(${name.join(", ")})`), [["c_out", range(set.o)]])],
  q: () => range(B).map(n => table("q", B > 1 ? `sample ${n}` : "", set.P, set.o, (r, o) => triple(n, o, r, 0, 0, 0), patchNames(), [["c_out", range(set.o)]])),
};
function outlined(kind, n, c, box) {
  const outline = element("div", undefined, kind === "x" ? "window" : "window thin");
  outline.hidden = true;
  box.append(outline);
  windows.push({ kind, n, c, outline });
  return box;
}
function build() {
  cells = new Map(); windows = []; lit = [];
  const { maps, matrices } = TABS[tab];
  made.sums = results(set.P - 1);
  const rows = [maps, matrices].map(kinds => { const row = element("div", undefined, "row"); row.append(...kinds.map(kind => section(kind, TABLES[kind]()))); return row; });
  let widest = 2;
  for (const td of cells.values()) { const value = number(td.kind, td.triple, made.sums); if (value !== undefined) widest = Math.max(widest, plain(value).length); }
  by("stage").style.setProperty("--cell", `calc(${widest}ch + .8em)`);
  by("stage").replaceChildren(...rows);
  write(made.sums);
  formulas();
}
function write(sums) {
  for (const td of cells.values()) {
    const value = number(td.kind, td.triple, sums), text = value === undefined ? "" : plain(value);
    if (td.textContent !== text) td.textContent = text;
  }
}

// ---- what is pointed at -------------------------------------------------------------------------
function light(kind, t, tap, strong) {
  const td = cells.get(KEY[kind](t));
  if (!td) return;
  if (tap !== undefined) { td.classList.add("t"); td.style.setProperty("--hue", hue(tap)); } else td.classList.add("y");
  if (strong) td.classList.add("x");
  lit.push(td);
}
function outline() {
  const groups = focus.kind === "y" || focus.kind === "q" || focus.kind === "w" || focus.kind === "m" ? [Math.floor(focus.t.o / set.outs)]
    : focus.kind === "patch" ? range(set.g) : [Math.floor(focus.t.c / set.share)];
  const { n, r } = focus;
  for (const each of windows) {
    each.outline.hidden = each.n !== n || each.kind === "x" && !groups.includes(Math.floor(each.c / set.share));
    if (each.outline.hidden) continue;
    let ends;
    if (each.kind === "x") {
      const t = triple(n, 0, r, 0, 0, 0);
      ends = [[t.y, t.x], [t.y + set.spans[0] - 1, t.x + set.spans[1] - 1]].map(([y, x]) => cells.get(`x ${n} ${each.c} ${y} ${x}`));
    } else {
      const per = set.share * set.taps;
      ends = [groups[0] * per, (groups.at(-1) + 1) * per - 1].map(q => cells.get(`u ${n} ${r} ${q}`));
    }
    const [a, z] = ends, board = a.closest("table"), style = each.outline.style;
    style.left = `${board.offsetLeft + a.offsetLeft}px`; style.top = `${board.offsetTop + a.offsetTop}px`;
    style.width = `${z.offsetLeft + z.offsetWidth - a.offsetLeft + 4}px`; style.height = `${z.offsetTop + z.offsetHeight - a.offsetTop + 4}px`;
  }
}
function resultName(kind, t) {
  const places = { y: [t.n, t.o, t.i, t.j], w: [t.o, t.cl, t.u, t.v], x: [t.n, t.c, t.y - set.pt, t.x - set.pl] }[kind];
  if (kind === "u") return `${called("u")}[${(bpk ? [t.n, t.r, t.q] : [t.n, t.q, t.r]).join(", ")}]`;
  return `${called(kind)}[${of(...places).join(", ")}]`;
}
function sumOf(kind, t, on) { // one result written out, the pointed-out terms framed
  const line = element("div"), { factors } = TABS[tab], last = upto ?? set.P - 1;
  const every = OF[kind](t), terms = every.filter(each => each.r <= last);
  const framed = each => on && on.has(`${each.o} ${each.r} ${each.q} ${each.n}`);
  line.append(element("b", `${resultName(kind, t)} = `));
  let shown = terms;
  if (terms.length > MOST_TERMS) {
    const frame = terms.filter((each, at) => at >= MOST_TERMS - 8 && framed(each)).slice(0, 7);
    shown = [...terms.slice(0, MOST_TERMS - 8), ...frame];
  }
  let total = 0;
  for (const each of terms) total += VALUE[factors[0]](each) * VALUE[factors[1]](each);
  for (const [at, each] of shown.entries()) {
    if (at) line.append(" + ");
    const term = element("span", factors.map(role => factor(VALUE[role](each))).join("·"), framed(each) ? "t on" : "t");
    term.style.setProperty("--hue", hue(each.tap));
    line.append(term);
  }
  if (!terms.length) line.append("0");
  if (shown.length < terms.length) line.append(` + … ${terms.length - shown.length} more terms`);
  if (kind === "y" && made.from.bias) { total += made.from.bias[t.o]; line.append(` + ${factor(made.from.bias[t.o])}`); }
  line.append(element("b", ` = ${plain(total)}`));
  if (terms.length < every.length) line.append(element("small", ` so far, ${every.length - terms.length} terms to come`));
  line.dataset.name = resultName(kind, t); line.dataset.total = total;
  return line;
}
const sentence = text => { const line = element("div"); line.append(element("small", text)); return line; };
const named = patches => patches.map(r => `${r} ${windowName(r)}`);
function said(kind, t, found) { // one sentence on what is lit
  const patches = [...new Set(found.map(each => each.r))].sort((a, b) => a - b);
  const few = patches.length > 6 ? `${patches.length} patches` : `patch ${named(patches).join(", ")}`;
  if (kind === "x" && !found.length) return "no patch reads this place";
  if (kind === "x" && !real(t.y, t.x)) return tab === "input" ? `padding: what ${few} would give back here is dropped` : `a zero of the padding, read by ${few}`;
  if (kind === "x") return tab === "input" ? `read by ${few}: Y∇ there, times the weight that read it; the kernel is seen flipped` : `${resultName("x", t).replace("∇", "")} is read by ${few}`;
  if (kind === "w" || kind === "m") return tab === "weight" ? "over all patches, what this tap reads, times Y∇ there" : `${resultName("w", t)} stands in the sums of all ${set.P} patches`;
  const at = `patch ${t.r} = window ${windowName(t.r)}`;
  if (tab === "forward") return `${at}: each value times its weight${made.from.bias ? ", plus the bias" : ""}`;
  if (tab === "weight") return `${at} adds what it reads, times Y∇ there, to W∇`;
  return kind === "u" ? `${at}: Y′∇ times a row of W̃, folded into X∇` : `${at}: Y∇ there times the kernel is folded into X∇`;
}
function show() {
  for (const td of lit) td.classList.remove("t", "y", "x");
  for (const td of lit) if (td.classList.contains("hue")) td.style.setProperty("--hue", hue(td.triple.tap));
  lit = [];
  const { makes: result } = TABS[tab], { kind, t } = focus;
  let found = kind === "m" && !t.inside ? [] : OF[kind](t);
  // The window that is outlined is one that has to do with what is pointed at.
  if (found.length && !found.some(each => each.r === focus.r && each.n === focus.n)) { focus.r = found[0].r; focus.n = found[0].n; }
  if (upto !== null && kind !== "patch") found = found.filter(each => each.r <= upto);
  const plainly = kind === "y" || kind === "q" || kind === "patch"; // no tap of its own
  for (const each of found) {
    const tap = each.tap;
    light("x", each, tap); light("u", each, tap); light("w", each, tap); light("m", each, tap);
    light("y", each, plainly ? undefined : tap); light("q", each, plainly ? undefined : tap);
  }
  if (kind !== "patch") light(kind, t, plainly ? undefined : t.tap ?? found[0]?.tap, true);
  if (kind === "m" || kind === "q") light(kind === "m" ? "w" : "y", t, plainly ? undefined : t.tap, true);
  if (kind === "w" || kind === "y") light(MATRIX_OF[kind], t, plainly ? undefined : t.tap, true);
  outline();
  const lines = [sentence(said(kind, t, found))];
  if (kind === "m" && !t.inside) lines[0] = sentence(tab === "weight" ? "of another group: no weight stands here" : "a zero: the channel is of another group");
  else if (kind === "u" && tab === "input") lines.push(sumOf("u", t));
  else {
    const here = each => each.r === focus.r && each.n === focus.n ? 0 : 1, first = new Map();
    for (const each of [...found].sort((a, b) => here(a) - here(b)))
      if (result !== "x" || real(each.y, each.x)) { const key = KEY[result](each); if (!first.has(key)) first.set(key, each); }
    if (kind === result && !first.size && (kind !== "x" || real(t.y, t.x))) first.set(KEY[kind](t), t);
    const whole = kind === result || kind === MATRIX_OF[result];
    const on = whole || kind === "patch" && result === "y" ? null : new Set(found.map(each => `${each.o} ${each.r} ${each.q} ${each.n}`));
    const sums = [...first.values()].slice(0, MOST_SUMS).map(each => sumOf(result, each, on));
    lines.push(...sums);
    if (first.size > MOST_SUMS) lines.push(sentence(`and ${first.size - MOST_SUMS} more in the same way`));
  }
  by("sum").replaceChildren(...lines);
  by("formula").querySelector(".where b").textContent = here();
  by("at").textContent = `patch ${focus.r} ${windowName(focus.r)}, ${focus.r + 1} of ${set.P}`;
}
function point(td) {
  const t = td.triple;
  focus = { kind: td.kind, t, n: t.n ?? focus.n, r: t.r ?? focus.r };
  if (td.kind === "w" || td.kind === "m") Object.assign(focus, { n: now.n, r: now.r });
  if (td.kind === "x") focus.r = now.r;
  show();
  now.r = focus.r; now.n = focus.n;
}
const now = { n: 0, r: 0 };
function move(r) { // the window, with the kernel that is pointed at, or all
  const at = Math.max(0, Math.min(set.P - 1, r));
  now.r = at;
  focus = focus.kind === "y" ? { kind: "y", t: triple(focus.t.n, focus.t.o, at, 0, 0, 0), n: focus.t.n, r: at } : { kind: "patch", t: { n: now.n, r: at }, n: now.n, r: at };
  show();
}

// ---- playing ------------------------------------------------------------------------------------
function fill(r) { // show what there is once this patch and those before it are done
  upto = r;
  write(r === null || r === set.P - 1 ? made.sums : results(r));
}
function everything() { if (upto !== null) fill(null); }
function stop() { clearInterval(timer); timer = 0; by("play").textContent = "▶ play"; }
function goTo(r) { fill(r); focus = { kind: "patch" }; move(r); }
function onward() {
  const r = upto === null ? 0 : upto + 1;
  if (r >= set.P) return stop();
  goTo(r);
  if (r === set.P - 1) stop();
}
function play() {
  if (timer) return stop();
  if (upto === set.P - 1) upto = null; // again from the first
  timer = setInterval(onward, PACE);
  by("play").textContent = "⏸ pause";
  onward();
}
by("play").onclick = play;
by("next").onclick = () => { stop(); if (upto === set.P - 1) upto = null; onward(); };
by("back").onclick = () => { stop(); goTo(Math.max(0, (upto ?? now.r) - 1)); };
by("first").onclick = () => { stop(); goTo(0); };

// ---- tabs, keys, pointers, settings ---------------------------------------------------------------
const tabs = Object.keys(TABS);
function choose(name, moves) {
  stop(); upto = null; tab = name;
  for (const each of tabs) {
    const button = by(`tab-${each}`);
    button.setAttribute("aria-selected", String(each === name));
    button.tabIndex = each === name ? 0 : -1;
    if (moves && each === name) button.focus();
  }
  by("panel").setAttribute("aria-labelledby", `tab-${name}`);
  build();
  focus = focus && focus.kind !== "u" && focus.kind !== "x" ? focus : { kind: "patch", t: { ...now }, ...now };
  show();
}
for (const name of tabs) by(`tab-${name}`).onclick = () => choose(name);
let last;
function pointed(event) {
  const td = event.target.closest && event.target.closest("#stage td");
  if (!td || td === last) return;
  last = td;
  stop(); point(td);
}
document.addEventListener("pointerover", pointed);
document.addEventListener("pointerdown", event => { last = undefined; pointed(event); });
document.addEventListener("keydown", event => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input") || by("app").hidden || by("panel").hidden) return;
  const way = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[key];
  if (way && target.matches("[role=tab]")) choose(tabs[(tabs.indexOf(tab) + way[0] + way[1] + 3) % 3], true);
  else if (target.matches("[role=tab]") && (key === "Home" || key === "End")) choose(key === "Home" ? tabs[0] : tabs[2], true);
  else if (way) {
    stop(); everything();
    const kind = target.matches("table") ? target.dataset.kind : "";
    if (kind === "w" || kind === "x" && tab === "input") walkCells(target, kind, way);
    else {
      if (kind === "y" && (focus.kind !== "y" || cells.get(KEY.y(focus.t)).closest("table") !== target)) focus = { kind: "y", t: target.querySelector("td").triple };
      else if (kind === "x") now.n = target.querySelector("td").triple.n;
      if (kind !== "y") focus = focus.kind === "y" ? focus : { kind: "patch" };
      const i = Math.floor(now.r / set.W) + way[0], j = now.r % set.W + way[1];
      if (i >= 0 && i < set.H && j >= 0 && j < set.W) move(i * set.W + j); else move(now.r);
    }
  }
  else if (key === "Home") { stop(); everything(); move(0); }
  else if (key === "End") { stop(); everything(); move(set.P - 1); }
  else if (key === "Escape") { stop(); everything(); show(); }
  else if (key === " " && !target.matches("button")) play();
  else return;
  event.preventDefault();
});
function walkCells(board, kind, [di, dj]) { // from cell to cell of one table
  const here = focus.kind === kind && cells.get(KEY[kind](focus.t));
  const rows = [...board.tBodies[0].rows];
  if (!here || here.closest("table") !== board) return point(rows[0].cells[0]);
  const i = rows.indexOf(here.parentNode) + di, j = here.cellIndex + dj;
  if (rows[i] && rows[i].cells[j]) point(rows[i].cells[j]);
}
function change() {
  const next = asked();
  stop(); upto = null;
  by("refused").hidden = by("bar").hidden = by("panel").hidden = true;
  by("refused").textContent = next.refused ?? "";
  by("refused").hidden = !next.refused;
  if (next.refused) return;
  by("bar").hidden = by("panel").hidden = false;
  set = next;
  made = { from: numbers() };
  now.n = 0; now.r = Math.min(now.r, set.P - 1); focus = null;
  choose(tab);
  const changed = Object.keys(given.settings).some(name => given.settings[name] !== set[name]);
  by("said").hidden = by("folded").hidden = changed; by("line").hidden = !changed;
  if (changed) {
    const sizes = (...all) => (flat ? all.slice(all.length > 2 ? 0 : 1).filter((_, at) => all.length < 3 || at !== 1) : all).join("x");
    const words = ["--in", sizes(set.c, set.h, set.w), "--out", set.o, "--k", sizes(set.kh, set.kw)];
    if (set.sh > 1 || set.sw > 1) words.push("--s", sizes(set.sh, set.sw));
    if (set.pt || set.pb || set.pl || set.pr) words.push("--p", sizes(`${set.pt}:${set.pb}`, `${set.pl}:${set.pr}`));
    if (set.dh > 1 || set.dw > 1) words.push("--d", sizes(set.dh, set.dw));
    if (set.g > 1) words.push("--groups", set.g);
    if (B > 1) words.push("--batch", B);
    if (given.bias) words.push("--bias");
    const own = given.own ? " X, W and Y∇ count up where their size is no longer that of the numbers given." : "";
    by("line").textContent = `In the terminal: convcalc demo ${words.join(" ")} --backward.${own}`;
    const shapes = [of(B, set.c, set.h, set.w), of(B, set.o, set.H, set.W)].map(each => each.join("\u00a0×\u00a0"));
    by("heading").textContent = `Conv${flat ? 1 : 2}d by unfolding: ${shapes.join(" → ")}`;
  } else by("heading").textContent = given.heading;
}
by("settings").addEventListener("input", change);
by("settings").addEventListener("submit", event => event.preventDefault());
addEventListener("resize", () => { if (focus && !by("panel").hidden) outline(); });
by("walk").hidden = true;
by("app").hidden = false;
if (given.patch !== null) now.r = given.patch;
change();
})();
