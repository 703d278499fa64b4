// What is shown of the layer: formulas, tables, the sum of what is pointed at; and what moves them.
const by = id => document.getElementById(id);
const MOST_SUMS = 4, MOST_TERMS = 48, PACE = 900;

let focus, cells, windows, lit = [], upto = null, timer = 0;
const now = { n: 0, r: 0 };

// ---- the formulas -----------------------------------------------------------------------------
function here() { // which numbers belong to the places that are pointed at
  const { t, r } = focus, at = windowName(r).replace(flat ? /[()]/g : "", "");
  if (pooling) {
    const window = `${place(flat ? "j" : "ij")} = ${at}`;
    if (!largest) return `here: ${window}, n_${flat ? "j" : "ij"} = ${made.sizes[r]}`;
    const { n, o } = focus.kind === "y" || focus.kind === "u" ? { n: t.n, o: t.o } : { n: focus.n, o: t.c ?? 0 }, best = chosen({ n, o, r, i: Math.floor(r / set.W), j: r % set.W });
    return `here: ${window}: ${place(flat ? "x" : "yx")} = ${flat ? best.x - set.pl : `(${best.y - set.pt}, ${best.x - set.pl})`}`;
  }
  const letters = transposed && tab === "weight" ? (flat ? "j" : "ij") : (flat ? "c" : "cd"), examples = [`f = ${r} ⇔ ${place(letters)} = ${at}`];
  const tap = t.tap !== undefined && "wmu".includes(focus.kind);
  if (tap && tab === "weight") examples.push(`h = ${t.q} ⇔ ${place((set.g > 1 ? "a" : "") + (flat ? "bc" : "bcd"))} = (${[...(set.g > 1 ? [t.o] : []), t.cl, ...(flat ? [t.v] : [t.u, t.v])].join(", ")})`);
  else if (tap) examples.push(`h = ${t.q} ⇔ ${flat ? "(b, v)" : "(b, u, v)"} = (${[t.c, ...(flat ? [t.v] : [t.u, t.v])].join(", ")})`);
  return `here: ${examples.join(", ")}`;
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
  const letters = given.letters[set.g > 1 && !pooling ? 1 : 0];
  const out = TABS[tab].steps.map(step => {
    const box = document.createElement("div");
    for (const line of letters[step] ?? []) {
      const e = subscripts(line, "div");
      if (line.startsWith("∂L")) e.className = "altogether";
      if (line.startsWith("=")) e.className = "more";
      box.append(e);
    }
    return box;
  });
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
const ROLE = { u: "x", m: "w", q: "y" };
const gradient = kind => back() && (makes(kind) || (ROLE[kind] ?? kind) === KIND.out);
const called = kind => KIND.names[kind] + (gradient(kind) ? "∇" : "");
const of = (...places) => flat ? places.filter((_, at) => at !== 2) : places;
const sized = kind => { const out = kind === KIND.out ? "_out" : ""; return flat ? `l${out}` : `h${out}, w${out}`; };
const biased = kind => kind === KIND.out && !back() && made.from.bias;
function role(kind) { // letters and sizes of a tensor's axes, and what is to be said of it
  const { axes } = KIND, across = transposed ? [set.o, set.k] : [set.k, set.o];
  const product = makes(kind) && TABS[tab].product;
  return {
    x: () => [`(b, ${axes.x}, ${sized("x")})`, of(B, set.c, set.h, set.w), set.Hp * set.Wp > set.h * set.w ? (transposed ? "dashed: cut off by the padding" : "dashed: padding") : ""],
    w: () => [`(${axes.y}, ${axes.x}${set.g > 1 ? "/groups" : ""}, ${flat ? "l_k" : "h_k, w_k"})`, of(set.o, set.share, set.kh, set.kw)],
    y: () => [`(b, ${axes.y}, ${sized("y")})`, of(B, set.o, set.H, set.W)],
    u: () => pooling ? ["(b, c, p, k)", [B, set.c, set.P, set.taps]] : bpk ? ["(b, p, k)", [B, set.P, set.k], product] : ["(b, k, p)", [B, set.k, set.P], product],
    m: () => [transposed ? "(c, k)" : "(k, c_out)", across, product],
    q: () => [`(b, p, ${axes.y})`, [B, set.P, set.o], product],
  }[kind]();
}
function sizes() { // how large the output is, with the numbers put in
  const { fields: n } = set, said = [];
  const written = (letter, size, k, s, before, after, d, added, axis) => {
    const span = d > 1 ? `(${d}·(${k} − 1) + 1)` : k, padding = before + after, [open, end] = n.ceil ? "⌈⌉" : "⌊⌋";
    const less = n.ceil && Math.ceil((axis.padded - axis.span) / s) + 1 > axis.windows ? " − 1" : "";
    said.push(transposed ? `${letter} = (${size} − 1)·${s} + ${span}${padding ? ` − ${padding}` : ""}${added ? ` + ${added}` : ""} = ${axis.size}`
      : `${letter} = ${open}(${size} − ${span}${padding ? ` + ${padding}` : ""})/${s}${end} + 1${less} = ${axis.windows}`);
  };
  if (!flat) written("h_out", n.h, n.kh, n.sh, n.pt, n.pb, n.dh, n.oh, set.down);
  written(flat ? "l_out" : "w_out", n.w, n.kw, n.sw, n.pl, n.pr, n.dw, n.ow, set.across);
  if (given.kind === "convolution") said.push(`p = ${flat ? set.P : `${set.H}·${set.W} = ${set.P}`}`, `k = ${(flat ? [n.c, n.kw] : [n.c, n.kh, n.kw]).join("·")} = ${set.k}`);
  by("sizes").replaceChildren(...said.map((each, at) => element("span", each + (at < said.length - 1 ? ", " : ""))));
}
function section(kind, tables) {
  const part = element("section"), maps = element("div", undefined, "maps"), [letters, sizes, said] = role(kind);
  const title = element("h2", called(kind) + " "), bias = biased(kind);
  const how = [said, bias && `plus the bias (${bias.map(plain).join(", ")})`].filter(Boolean).map(each => `, ${each}`).join("");
  title.append(element("span", `${letters} = (${sizes.join(", ")})${how}`));
  for (const table of tables) { const box = element("div", undefined, "scroll"); box.append(table); maps.append(box); }
  part.append(title, maps);
  return part;
}
// A table of one map or matrix; `at` gives the triple that a row and a column stand for.
function table(kind, caption, rows, columns, at, labels, heads) {
  const box = element("div", undefined, "map"), t = element("table"), body = element("tbody");
  t.dataset.kind = kind;
  if (caption) box.append(element("div", caption, "caption")); // no <caption>, which would widen cells
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
      if ((kind === "x" || kind === "u") && !real(triple)) td.className = "pad";
      if (kind === "m" && !triple.inside) td.className = "other";
      if (kind === "w" || kind === "m" && triple.inside) { td.classList.add("hue"); td.style.setProperty("--hue", hue(triple.tap)); }
      cells.set(KEY[kind](triple), td);
      tr.append(td);
    }
    body.append(tr);
  }
  t.append(body);
  t.tabIndex = 0;
  t.setAttribute("aria-label", `${called(kind)}${caption ? ` ${caption}` : ""}: arrow keys move`);
  box.append(t);
  return box;
}
const sample = n => B > 1 ? `sample ${n}, ` : "", ofSample = n => B > 1 ? `sample ${n}` : "";
const windowName = r => `(${(flat ? [r % set.W] : [Math.floor(r / set.W), r % set.W]).join(", ")})`;
const patchNames = () => range(set.P).map(r => `${r} ${windowName(r)}`);
const valueNames = () => range(set.k).map(q => { const t = unfolded(0, 0, q); return flat ? [t.c, t.v] : [t.c, t.u, t.v]; });
const heads = (names, letters) => letters.map((letter, at) => [letter, names.map(name => name[at])]);
const written = names => names.map(name => `(${name.join(", ")})`);
const TABLES = {
  x: () => range(B).flatMap(n => range(set.c).map(c => outlined("x", n, c, table("x", `${sample(n)}${KIND.channels.x} ${c}`, set.Hp, set.Wp,
    (y, x) => ({ n, c, cl: c % set.share, y, x }))))),
  w: () => range(set.o).flatMap(o => range(set.share).map(cl => {
    const c = Math.floor(o / set.outs) * set.share + cl, on = c > cl ? ` ${transposed ? "to c_out" : "on channel"} ${c}` : "";
    return table("w", `${called("w")}[${o}, ${cl}]${on}`, set.kh, set.kw, (u, v) => triple(0, o, 0, cl, u, v));
  })),
  y: () => range(B).flatMap(n => range(set.o).map(o => table("y", `${sample(n)}${KIND.channels.y} ${o}`, set.H, set.W, (i, j) => triple(n, o, i * set.W + j, 0, 0, 0)))),
  u: () => range(B).flatMap(n => {
    const names = valueNames(), letters = flat ? ["v"] : ["u", "v"];
    if (pooling) return range(set.c).map(c => outlined("u", n, c, table("u", `${sample(n)}channel ${c}`, set.P, set.taps,
      (r, tap) => unfolded(n, r, c * set.taps + tap), patchNames(), heads(names.slice(0, set.taps).map(name => name.slice(1)), letters))));
    if (bpk) return outlined("u", n, null, table("u", ofSample(n), set.P, set.k, (r, q) => unfolded(n, r, q), patchNames(), heads(names, [KIND.axes.x, ...letters])));
    return outlined("u", n, null, table("u", ofSample(n), set.k, set.P, (q, r) => unfolded(n, r, q), written(names), [["p", range(set.P)]]));
  }),
  m: () => [transposed
    ? table("m", "", set.o, set.k, (o, q) => weight(q, o), range(set.o).map(o => `c ${o}`), heads(valueNames(), ["c_out", ...(flat ? ["v"] : ["u", "v"])]))
    : table("m", "", set.k, set.o, weight, written(valueNames()), [["c_out", range(set.o)]])],
  q: () => range(B).map(n => table("q", ofSample(n), set.P, set.o, (r, o) => triple(n, o, r, 0, 0, 0), patchNames(), [[KIND.axes.y, range(set.o)]])),
};
function outlined(kind, n, c, box) { // c: the channel that it shows, null for all
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
  const { n, r, t, kind } = focus;
  const groups = "yqwm".includes(kind) ? [Math.floor(t.o / set.outs)] : kind === "patch" ? range(set.g) : [Math.floor(t.c / set.share)];
  for (const each of windows) {
    const mine = each.c === null ? groups : groups.filter(group => group === Math.floor(each.c / set.share));
    each.outline.hidden = each.n !== n || !mine.length;
    if (each.outline.hidden) continue;
    let ends;
    if (each.kind === "x") {
      const t = triple(n, 0, r, 0, 0, 0);
      ends = [[t.y, t.x], [t.y + set.spans[0] - 1, t.x + set.spans[1] - 1]].map(([y, x]) => cells.get(`x ${n} ${each.c} ${y} ${x}`));
    } else {
      const per = set.share * set.taps;
      ends = [mine[0] * per, (mine.at(-1) + 1) * per - 1].map(q => cells.get(`u ${n} ${r} ${q}`));
    }
    const [a, z] = ends, board = a.closest("table"), style = each.outline.style;
    style.left = `${board.offsetLeft + a.offsetLeft}px`; style.top = `${board.offsetTop + a.offsetTop}px`;
    style.width = `${z.offsetLeft + z.offsetWidth - a.offsetLeft + 4}px`; style.height = `${z.offsetTop + z.offsetHeight - a.offsetTop + 4}px`;
  }
}
const at = t => `[${of(t.n, t.c, t.y - set.pt, t.x - set.pl).join(", ")}]`;
function resultName(kind, t) {
  if (kind === "u") return `${called("u")}[${(bpk ? [t.n, t.r, t.q] : [t.n, t.q, t.r]).join(", ")}]`;
  const place = kind === "x" ? at(t) : `[${of(...(kind === "y" ? [t.n, t.o, t.i, t.j] : [t.o, t.cl, t.u, t.v])).join(", ")}]`;
  return called(kind) + place;
}
const id = t => `${t.o} ${t.r} ${t.q} ${t.n}`;
function termOf(t) { // one of the numbers that are added up, or the largest of which is meant
  const terms = TABS[tab].factors.map(role => factor(VALUE[role](t))).join("·");
  return !pooling || !back() ? terms : largest ? `${terms}·1` : `${terms}/${made.sizes[t.r]}`;
}
function sumOf(kind, t, on) { // one result written out, the pointed-out terms framed
  const line = element("div"), last = upto ?? set.P - 1;
  const every = OF[kind](t).filter(each => used(each) && (!pooling || real(each))), terms = every.filter(each => each.r <= last);
  const framed = each => on && on.has(id(each)) || largest && !back() && chosen(each).tap === each.tap;
  line.append(element("b", `${resultName(kind, t)} = `));
  let shown = terms;
  if (terms.length > MOST_TERMS) {
    const frame = terms.filter((each, at) => at >= MOST_TERMS - 8 && framed(each)).slice(0, 7);
    shown = [...terms.slice(0, MOST_TERMS - 8), ...frame];
  }
  let total = 0;
  for (const each of terms) total += product(each);
  total = finished(kind, t, total);
  const [joint, before, after] = !pooling || back() ? [" + ", "", ""] : largest ? [", ", "max(", ")"] : [" + ", "(", `)/${made.sizes[t.r]}`];
  line.append(before);
  for (const [at, each] of shown.entries()) {
    if (at) line.append(joint);
    const term = element("span", termOf(each), framed(each) ? "t on" : "t");
    term.style.setProperty("--hue", hue(each.tap));
    line.append(term);
  }
  if (!terms.length) line.append("0");
  if (shown.length < terms.length) line.append(`${joint}… ${terms.length - shown.length} more terms`);
  line.append(after);
  if (biased(kind)) line.append(` + ${factor(made.from.bias[transposed ? t.c : t.o])}`);
  line.append(element("b", ` = ${plain(total)}`));
  if (terms.length < every.length) line.append(element("small", ` so far, ${every.length - terms.length} terms to come`));
  line.dataset.name = resultName(kind, t); line.dataset.total = total;
  return line;
}
const sentence = text => { const line = element("div"); line.append(element("small", text)); return line; };
const several = (count, of) => `${count} ${of}${count === 1 ? "" : "s"}`;
const many = found => new Set(found.map(each => each.r)).size > 1;
const plusBias = () => made.from.bias ? ", plus the bias" : "";
// What is said of a cell of x, y, w or u, by tab; `few` are the patches that have to do with it.
const SAID = {
  convolution: {
    forward: {
      x: (t, few) => real(t) ? `X${at(t)} is read by ${few}` : `a zero of the padding, read by ${few}`,
      y: (t, patch) => `${patch}: each value times its weight${plusBias()}`,
      w: t => `${resultName("w", t)} stands in the sums of all patches`,
    },
    weight: {
      x: (t, few) => real(t) ? `X${at(t)} is read by ${few}` : `a zero of the padding, read by ${few}`,
      y: (t, patch) => `${patch} adds what it reads, times Y∇ there, to W∇`,
      w: () => "over all patches, what this tap reads, times Y∇ there",
    },
    input: {
      x: (t, few) => real(t) ? `read by ${few}: Y∇ there, times the weight that read it; the kernel is seen flipped` : `padding: what ${few} would give back here is dropped`,
      y: (t, patch) => `${patch}: Y∇ there times the kernel is folded into X∇`,
      w: t => `${resultName("w", t)} gives back to what it read, in all patches`,
      u: (t, patch) => `${patch}: Y′∇ times a row of W̃, folded into X∇`,
    },
  },
  transposed: {
    forward: {
      x: (t, few, found) => real(t) ? `where ${few} ${many(found) ? "meet" : "is added"}: X there, times the weight${plusBias()}` : `cut off by the padding: what ${few} would add here is dropped`,
      y: (t, patch) => `${patch}: X there times the kernel is added to Y`,
      w: t => `${resultName("w", t)} is in every patch, times X there`,
      u: (t, patch) => `${patch}: X′ times a column of W̃, added to Y`,
    },
    weight: {
      x: (t, few, found) => real(t) ? `where ${few} ${many(found) ? "were" : "was"} added: Y∇ here, times X there` : `cut off by the padding, where ${few} added nothing: a zero`,
      y: (t, patch) => `${patch} adds X there, times Y∇ where it was added, to W∇`,
      w: () => "over all patches, X there, times Y∇ where this tap was added",
    },
    input: {
      x: (t, few) => real(t) ? `Y∇ here goes back to ${few}` : `cut off by the padding, where ${few} added nothing: a zero`,
      y: (t, patch) => `${patch}: Y∇ where it was added, times the weight: a convolution of Y∇`,
      w: t => `${resultName("w", t)} stands in the sums of all positions of X`,
    },
  },
  max: {
    forward: {
      x: (t, few) => real(t) ? `X${at(t)} is read by ${few}` : "padding, which is never the maximum",
      y: (t, patch) => {
        const best = chosen(t), ties = OF.y(t).filter(each => real(each) && VALUE.x(each) === VALUE.x(best)).length > 1;
        return `${patch}: the maximum is X${at(best)}${ties ? ", the first of several that are equal" : ""}`;
      },
    },
    input: {
      x: (t, few, found) => !real(t) ? "padding, which is never the maximum" : found.length ? `the maximum of ${few}: Y∇ there, all of it` : "the maximum of no window: nothing comes back",
      y: (t, patch) => `${patch}: Y∇ there goes to the maximum, X${at(chosen(t))}`,
    },
  },
  avg: {
    forward: {
      x: (t, few) => real(t) ? `X${at(t)} is read by ${few}` : counts(t) ? `a zero of the padding, counted by ${few}` : "beyond the padding: it counts for nothing",
      y: (t, patch) => {
        const zeros = made.sizes[t.r] - OF.y(t).filter(real).length;
        return `${patch}: divided by its ${several(made.sizes[t.r], "position")}${zeros ? `, ${zeros} of them padding` : ""}`;
      },
    },
    input: {
      x: (t, few) => real(t) ? `read by ${few}: Y∇ there, divided by how many positions the window has` : counts(t) ? `padding: what ${few} would give back here is dropped` : "beyond the padding: it counts for nothing",
      y: (t, patch) => `${patch}: Y∇ there is shared out among its ${several(made.sizes[t.r], "position")}`,
    },
  },
}[given.kind];
function said(kind, t, found) { // one sentence on what is lit
  const patches = [...new Set(found.map(each => each.r))].sort((a, b) => a - b);
  const few = patches.length > 6 ? `${patches.length} patches` : `patch ${patches.map(r => `${r} ${windowName(r)}`).join(", ")}`;
  const says = SAID[tab];
  if (kind === "m" && !t.inside) return tab === "weight" ? "of another group: no weight stands here" : "a zero: the channel is of another group";
  if (kind === "x" && !found.length && !(largest && back()) && counts(t)) return transposed && !back() ? `no patch reaches this place: ${made.from.bias ? "the bias alone" : "zero"}` : `no patch ${transposed ? "reaches" : "reads"} this place`;
  if (kind === "x") return says.x(t, few, found);
  if (kind === "w" || kind === "m") return says.w(t);
  const patch = `patch ${t.r} = ${transposed ? `position ${windowName(t.r)} of X` : `window ${windowName(t.r)}`}`;
  if (kind === "u" && says.u) return says.u(t, patch);
  return kind !== "patch" || !pooling ? says.y(t, patch) : largest && set.c > 1 ? patch : says.y(triple(t.n, 0, t.r, 0, 0, 0), patch);
}
function show() {
  for (const td of lit) td.classList.remove("t", "y", "x");
  for (const td of lit) if (td.classList.contains("hue")) td.style.setProperty("--hue", hue(td.triple.tap));
  lit = [];
  const { makes: result } = TABS[tab], { kind, t } = focus;
  const reached = OF[kind](t).filter(given.kind === "avg" ? counts : used);
  let found = reached.filter(used);
  // The window that is outlined is one that has to do with what is pointed at.
  if (found.length && !found.some(each => each.r === focus.r && each.n === focus.n)) { focus.r = found[0].r; focus.n = found[0].n; }
  const lines = [sentence(said(kind, t, reached))];
  if (upto !== null && kind !== "patch") found = found.filter(each => each.r <= upto);
  const plainly = "yq".includes(kind) || kind === "patch"; // no tap of its own
  for (const each of found) {
    const { tap } = each, best = largest && plainly && chosen(each).tap === tap;
    light("x", each, tap, best); light("u", each, tap, best); light("w", each, tap); light("m", each, tap);
    light("y", each, plainly ? undefined : tap); light("q", each, plainly ? undefined : tap);
  }
  if (kind !== "patch") light(kind, t, plainly ? undefined : t.tap ?? found[0]?.tap, true);
  const twin = { m: t.inside && "w", q: "y", w: "m", y: "q" }[kind]; // the same in a matrix, or in a map
  if (twin) light(twin, t, plainly ? undefined : t.tap, true);
  outline();
  if (kind === "u" && makes("u") && !pooling) lines.push(sumOf("u", t));
  else {
    const here = each => each.r === focus.r && each.n === focus.n ? 0 : 1, first = new Map();
    for (const each of [...found].sort((a, b) => here(a) - here(b)))
      if (result !== "x" || real(each)) { const key = KEY[result](each); if (!first.has(key)) first.set(key, each); }
    if (kind === result && !first.size && (kind !== "x" || real(t))) first.set(KEY[kind](t), t);
    const whole = kind === result || kind === MATRIX_OF[result];
    const on = whole || kind === "patch" && result === "y" ? null : new Set(found.map(id));
    lines.push(...[...first.values()].slice(0, MOST_SUMS).map(each => sumOf(result, each, on)));
    if (first.size > MOST_SUMS) lines.push(sentence(`and ${first.size - MOST_SUMS} more in the same way`));
  }
  by("sum").replaceChildren(...lines);
  by("formula").querySelector(".where b").replaceWith(subscripts(here(), "b"));
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
  if (way && target.matches("[role=tab]")) choose(tabs[(tabs.indexOf(tab) + way[0] + way[1] + tabs.length) % tabs.length], true);
  else if (target.matches("[role=tab]") && (key === "Home" || key === "End")) choose(key === "Home" ? tabs[0] : tabs.at(-1), true);
  else if (way) {
    stop(); everything();
    const kind = target.matches("table") ? target.dataset.kind : "";
    if ("wumq".includes(kind || " ") || kind === "x" && makes("x")) walkCells(target, kind, way);
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
  const rows = [...board.tBodies[0].rows].map(row => [...row.querySelectorAll("td")]);
  const here = focus.kind === kind && cells.get(KEY[kind](focus.t));
  if (!here || here.closest("table") !== board) return pointAt(rows[0][0]);
  const i = here.parentNode.sectionRowIndex;
  pointAt(rows[i + di]?.[rows[i].indexOf(here) + dj]);
}
function pointAt(td) {
  if (!td) return;
  point(td);
  td.scrollIntoView({ block: "nearest", inline: "nearest" });
}
function change() {
  const next = asked();
  stop(); upto = null;
  by("refused").hidden = by("bar").hidden = by("panel").hidden = by("sizes").hidden = true;
  by("refused").textContent = next.refused ?? "";
  by("refused").hidden = !next.refused;
  if (next.refused) return;
  by("bar").hidden = by("panel").hidden = by("sizes").hidden = false;
  set = next;
  calculated();
  now.n = 0; now.r = Math.min(now.r, set.P - 1); focus = null;
  choose(tab);
  sizes();
  const { fields } = set, changed = Object.keys(given.settings).some(name => given.settings[name] !== fields[name]);
  by("said").hidden = by("more").hidden = changed; by("line").hidden = !changed;
  if (!changed) { by("heading").textContent = given.heading; return; }
  const own = given.own ? ` ${pooling ? "X and Y∇ count up where their" : "X, W and Y∇ count up where their"} size is no longer that of the numbers given.` : "";
  by("line").textContent = `In the terminal: convcalc demo ${words(fields).join(" ")} --backward.${own}`;
  const [x, y] = [of(B, set.c, set.h, set.w), of(B, set.o, set.H, set.W)], shapes = (transposed ? [y, x] : [x, y]).map(each => each.join("\u00a0×\u00a0"));
  by("heading").textContent = `${given.name}: ${shapes.join(" → ")}`;
}
function words(n) { // the options that ask for this layer
  const ends = (before, after) => before === after ? before : `${before}:${after}`;
  const sizes = (down, across) => flat ? `${across}` : `${down}x${across}`;
  const said = ["--in", `${n.c}x${sizes(n.h, n.w)}`, ...(pooling ? [] : ["--out", n.o]), "--k", sizes(n.kh, n.kw)];
  const [sh, sw] = pooling ? [n.kh, n.kw] : [1, 1];
  if (n.sh !== sh || n.sw !== sw) said.push("--s", sizes(n.sh, n.sw));
  if (n.pt || n.pb || n.pl || n.pr) said.push("--p", sizes(ends(n.pt, n.pb), ends(n.pl, n.pr)));
  if (n.dh > 1 || n.dw > 1) said.push("--d", sizes(n.dh, n.dw));
  if (n.oh || n.ow) said.push("--output-padding", sizes(n.oh, n.ow));
  if (n.g > 1 && !pooling) said.push("--groups", n.g);
  if (transposed) said.push("--transposed");
  if (pooling) said.push("--pool", given.kind);
  if (n.ceil) said.push("--ceil-mode");
  if (!bpk) said.push("--layout", "bkp");
  if (B > 1) said.push("--batch", B);
  if (given.bias) said.push("--bias");
  return said;
}
by("settings").addEventListener("input", change);
by("settings").addEventListener("submit", event => event.preventDefault());
addEventListener("resize", () => { if (focus && !by("panel").hidden) outline(); });
by("walk").hidden = true;
by("app").hidden = false;
if (given.patch !== null) now.r = given.patch;
change();
