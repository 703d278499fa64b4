// What a network's page lights up, folds and sorts; without it the page is a table with its rails.

const data = JSON.parse(document.getElementById("data").textContent);
const body = document.querySelector("tbody");
const find = id => document.getElementById(id);
const unfolded = [...body.rows];
const parts = new Map();  // of the rows of folded modules, by the module's number
const folded = new Set();
let nodes = [];  // what is shown in the order of the calls: its row, the rows it stands for, its reads
let at = -1;
let sorted = null;

const LANE = 10, HEIGHT = 26, MOST = 24, INPUT = -1;

// ---- Rails: the same lanes and curves as without a script ----

function rails(reads) {
  const readers = new Map([[INPUT, []], ...reads.map((_, number) => [number, []])]);
  reads.forEach((sources, number) => sources.forEach(each => readers.get(each).push(number)));
  const held = new Map(), last = new Map();
  const free = lane => { while (held.has(lane)) lane++; return lane; };
  const carry = (value, lane, to) => {
    const hold = (where, end) => { held.set(where, value); last.set(where, end); };
    if (to.length > 1 && to[0] === value + 1) {
      hold(lane, to[0]);
      const other = free(lane + 1);
      hold(other, to.at(-1));
      return [other];
    }
    if (to.length) hold(lane, to.at(-1));
    return [];
  };
  if (readers.get(INPUT).length) carry(INPUT, 0, readers.get(INPUT));
  return reads.map((sources, number) => {
    const to = readers.get(number);
    const taken = [...held.keys()];
    if (!sources.length && !to.length)
      return {lane: null, ends: [], taps: [], starts: [], through: taken};
    const read = taken.filter(lane => sources.includes(held.get(lane))
      && (held.get(lane) + 1 !== number || last.get(lane) === number));
    const ends = read.filter(lane => last.get(lane) === number);
    const taps = read.filter(lane => last.get(lane) !== number);
    const lane = ends.length ? Math.min(...ends) : free(0);
    const through = taken.filter(each => !read.includes(each));
    held.set(lane, number);
    const starts = carry(number, lane, to);
    for (const each of ends) if (each !== lane) held.delete(each);
    if (!to.length) held.delete(lane);
    return {lane, ends: ends.filter(each => each !== lane), taps, starts, through,
            above: ends.length > 0, below: to.length > 0};
  });
}

function drawing({lane, ends, taps, starts, through, above, below}) {
  const across = each => Math.min(each, MOST - 1) * LANE + LANE / 2;
  const once = lanes => [...new Set(lanes.map(across))].sort((a, b) => a - b);
  const middle = HEIGHT / 2;
  let path = once([...through, ...taps]).map(x => `M${x} 0V${HEIGHT}`).join("");
  if (lane === null) return path && `<path d="${path}"/>`;
  const node = across(lane);
  path += once([...ends, ...taps]).map(x => `M${x} 0C${x} 9 ${node} 4 ${node} ${middle}`).join("");
  if (above) path += `M${node} 0V${middle}`;
  if (below) path += `M${node} ${middle}V${HEIGHT}`;
  path += once(starts).map(x => `M${node} ${middle}C${node} 22 ${x} 17 ${x} ${HEIGHT}`).join("");
  return `<path d="${path}"/><circle cx="${node}" cy="${middle}" r="3.5"/>`;
}

// ---- Folding ----

const depthOf = name => name ? name.split(".").length : 0;

function memory(size) {
  if (size < 1024) return size === 1 ? "1 byte" : `${size} bytes`;
  let power = 1;
  const tenths = () => Math.round(size * 10 / 1024 ** power);
  while (tenths() >= 10240 && power < 6) power++;
  return `${(tenths() / 10).toLocaleString("en", {minimumFractionDigits: 1})} ${"KMGTPE"[power - 1]}iB`;
}

const shown = (value, column) =>
  value === null ? "–" : data.memory.includes(column) ? memory(value) : value.toLocaleString("en");

function cellOf(row, column) {
  const place = data.columns.indexOf(column);
  return place < 0 ? undefined : row.cells[place + 1];  // behind its rails
}

function rowOf(number) {
  // The row of a folded module: what its rows add up to, and what comes out of it.
  if (parts.has(number)) return parts.get(number);
  const [name, layer, first, end, output, line] = data.spans[number];
  const row = unfolded[first].cloneNode(true);
  row.className = `d${Math.min(depthOf(name), 5)} folded`;
  row.removeAttribute("id");
  const put = (column, value) => {
    const cell = cellOf(row, column);
    if (cell) cell.textContent = value;
  };
  put("name", name || layer);
  put("layer", `${layer}, ${end - first} rows`);
  put("output", output);
  put("line", line ?? "");
  for (const column of ["field", "stride"])
    put(column, cellOf(unfolded[end - 1], column)?.textContent);
  for (const column of ["input", "kernel", "share", "from"]) put(column, "");
  for (const [column, values] of Object.entries(data.numbers)) {
    const inside = values.slice(first, end);
    const total = inside.includes(null) ? null : inside.reduce((a, b) => a + b, 0);
    put(column, shown(total, column));
    const cell = cellOf(row, column);
    cell.dataset.value = total ?? 0;
    cell.style.setProperty("--b", `${100 * Math.min(1, (total ?? 0) / (data.largest[column] || 1))}%`);
  }
  parts.set(number, row);
  return row;
}

function arrange() {
  // Show what isn't folded, in the order of the calls, with its rails.
  const open = [...folded].map(number => ({number, first: data.spans[number][2], end: data.spans[number][3]}))
    .sort((a, b) => a.first - b.first || b.end - a.end);
  nodes = [];
  const stands = new Map([[INPUT, INPUT]]);
  for (let row = 0; row < unfolded.length;) {
    const module = open.find(each => each.first === row);
    const end = module ? module.end : row + 1;
    const tr = module ? rowOf(module.number) : unfolded[row];
    for (let each = row; each < end; each++) stands.set(each, nodes.length);
    nodes.push({tr, first: row, end, module: module?.number ?? null});
    row = end;
  }
  nodes.forEach((node, number) => {
    const reads = data.from.slice(node.first, node.end).flat().map(each => stands.get(each));
    node.reads = [...new Set(reads)].filter(each => each !== number).sort((a, b) => a - b);
  });
  nodes.forEach(node => { node.readers = []; });
  nodes.forEach((node, number) => node.reads.forEach(each => nodes[each]?.readers.push(number)));
  const found = rails(nodes.map(node => node.reads));
  nodes.forEach((node, number) => {
    const svg = node.tr.cells[0].querySelector("svg");
    if (svg) svg.innerHTML = drawing(found[number]);
    node.tr.tabIndex = 0;
  });
  order();
}

function order() {
  const rows = nodes.map(node => node.tr);
  if (sorted) {
    const value = tr => {
      const cell = cellOf(tr, sorted.column);
      return sorted.column in data.numbers ? Number(cell.dataset.value) : cell.textContent;
    };
    const number = new Map(rows.map((tr, at) => [tr, at]));
    rows.sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * sorted.way
      || number.get(a) - number.get(b));
  }
  body.classList.toggle("sorted", Boolean(sorted));
  body.replaceChildren(...rows);
}

function innermost(node, name) {
  // The smallest module around a row that isn't folded yet, or that of a name.
  return data.spans.map(([own, , first, end], number) => ({own, first, end, number}))
    .filter(each => each.own && each.first <= node.first && node.end <= each.end
      && each.number !== node.module && (name === undefined || each.own === name))
    .sort((a, b) => (a.end - a.first) - (b.end - b.first)
      || depthOf(b.own) - depthOf(a.own))[0]?.number;
}

function fold(number) {
  if (number === undefined) return;
  const [, , first, end] = data.spans[number];
  for (const each of [...folded])
    if (data.spans[each][2] >= first && data.spans[each][3] <= end) folded.delete(each);
  folded.add(number);
  arrange();
  goTo(nodes.findIndex(node => node.module === number));
}

function unfold(node) {
  if (node.module === null) return;
  const first = node.first;
  folded.delete(node.module);
  arrange();
  goTo(nodes.findIndex(each => each.first === first));
}

function goTo(number) {
  nodes[number]?.tr.focus({preventScroll: false});
}

function foldTo(depth) {
  folded.clear();
  if (depth !== "") {
    let end = 0;
    data.spans.map((span, number) => [span, number])
      .filter(([span]) => depthOf(span[0]) === Number(depth))
      .sort(([a], [b]) => a[2] - b[2])
      .forEach(([span, number]) => {
        if (span[2] >= end) { folded.add(number); end = span[3]; }
      });
  }
  arrange();
  say(-1);
}

// ---- What is pointed at ----

function called(number) {
  if (number === INPUT) return "the input";
  const name = nodes[number].tr.dataset.name;
  return nodes[number].module === null ? name : data.spans[nodes[number].module][0];
}

function say(number) {
  at = number;
  for (const {tr} of nodes) tr.classList.remove("here", "from", "to");
  const node = nodes[number];
  find("which").textContent = node ? called(number) : "Point at a row";
  find("links").replaceChildren();
  square(node ? data.field[node.end - 1] : null, node);
  if (!node) return;
  node.tr.classList.add("here");
  node.reads.forEach(each => nodes[each]?.tr.classList.add("from"));
  node.readers.forEach(each => nodes[each].tr.classList.add("to"));
  list("reads", node.reads);
  list("is read by", node.readers);
}

function list(said, numbers) {
  if (!numbers.length) return;
  const heading = document.createElement("p"), rows = document.createElement("ul");
  heading.textContent = `${said}: `;
  for (const number of numbers) {
    const item = document.createElement("li");
    if (number === INPUT) item.textContent = called(number);
    else {
      const link = document.createElement("a");
      link.href = "#rows";
      link.textContent = called(number);
      link.addEventListener("click", event => { event.preventDefault(); goTo(number); });
      item.append(link);
    }
    rows.append(item);
  }
  find("links").append(heading, rows);
}

function square(field, node) {
  const picture = find("input"), sizes = data.input;
  picture.toggleAttribute("hidden", !field);
  if (!field) {
    find("sees").textContent = node && sizes ? "What it sees of the input no window says." : "";
    return;
  }
  const flat = sizes.length === 1;
  const width = sizes.at(-1), height = flat ? Math.max(1, width / 8) : sizes.at(-2);
  const wide = field.at(-1), high = flat ? height : field.at(-2);
  const room = [Math.max(width, wide), Math.max(height, high)];
  const margin = Math.max(...room) / 50;
  picture.setAttribute("viewBox",
    `${-room[0] / 2 - margin} ${-room[1] / 2 - margin} ${room[0] + 2 * margin} ${room[1] + 2 * margin}`);
  for (const [name, w, h] of [["input", width, height], ["field", wide, high]]) {
    const rect = picture.querySelector(`.${name}`);
    for (const [key, value] of Object.entries({x: -w / 2, y: -h / 2, width: w, height: h}))
      rect.setAttribute(key, value);
  }
  const more = field.some((size, axis) => size > sizes[axis]) ? ", more than there is" : "";
  find("sees").textContent =
    `Each position sees ${field.join(" × ")} of the input's ${sizes.join(" × ")}${more}.`;
}

// ---- Beginning ----

function rowAround(element) {
  const tr = element.closest?.("tbody tr");
  return tr ? nodes.findIndex(node => node.tr === tr) : -1;
}

let quiet = 0;  // until when the page may still move under a pointer that doesn't
body.addEventListener("pointerover", event => {
  const number = rowAround(event.target);
  if (performance.now() < quiet) return;
  if (number >= 0 && number !== at) say(number);
});
body.addEventListener("focusin", event => {
  quiet = performance.now() + 300;
  say(rowAround(event.target));
});
body.addEventListener("click", event => {
  const number = rowAround(event.target), name = event.target.dataset?.module;
  if (number < 0) return;
  if (name !== undefined) fold(innermost(nodes[number], name));
  else if (nodes[number].module !== null) unfold(nodes[number]);
});
body.addEventListener("keydown", event => {
  const number = rowAround(event.target);
  if (number < 0) return;
  const around = [...body.rows], place = around.indexOf(nodes[number].tr);
  if (event.key === "ArrowDown") around[place + 1]?.focus();
  else if (event.key === "ArrowUp") around[place - 1]?.focus();
  else if (event.key === "ArrowLeft") fold(innermost(nodes[number]));
  else if (event.key === "ArrowRight" || event.key === "Enter") unfold(nodes[number]);
  else return;
  event.preventDefault();
});

document.querySelectorAll("thead th[data-column]").forEach(heading => {
  const column = heading.dataset.column, button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => {
    const down = column in data.numbers ? -1 : 1;
    if (sorted?.column !== column) sorted = {column, way: down};
    else sorted = sorted.way === down ? {column, way: -down} : null;
    document.querySelectorAll("[aria-sort]").forEach(each => each.removeAttribute("aria-sort"));
    if (sorted) heading.setAttribute("aria-sort", sorted.way > 0 ? "ascending" : "descending");
    order();
  });
});

const inside = new Set(data.spans.map(([name]) => name));
unfolded.forEach(tr => {
  // The parts of a name that are modules fold them.
  const cell = cellOf(tr, "name"), name = tr.dataset.path;
  if (!cell || !name) return;
  const words = name.split(".");
  const pieces = words.map((word, place) => {
    const whole = words.slice(0, place + 1).join(".");
    if (!inside.has(whole)) return document.createTextNode(word);
    const button = document.createElement("button");
    Object.assign(button, {type: "button", tabIndex: -1, textContent: word, title: `fold ${whole}`});
    button.dataset.module = whole;
    return button;
  });
  cell.replaceChildren(...pieces.flatMap((piece, place) => place ? [".", piece] : [piece]));
});

const deepest = Math.max(0, ...data.spans.map(([name]) => depthOf(name)));
const choice = find("fold");
choice.append(new Option("all rows", ""));
for (let depth = 1; depth <= deepest; depth++) choice.append(new Option(`folded at depth ${depth}`, depth));
choice.addEventListener("change", () => foldTo(choice.value));
function stack() {
  // What there is to say of a row stands beside the table where there is room, or else above it.
  const table = document.querySelector("#rows table");
  document.body.classList.toggle("stacked", table.scrollWidth + 320 > innerWidth);
}

find("tools").hidden = false;
find("about").hidden = false;
addEventListener("resize", stack);
arrange();
stack();
