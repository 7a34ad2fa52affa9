// SPDX-License-Identifier: GPL-3.0-or-later
// Copyright: (c) 2026, the rackspace.cloud contributors
//
// The page of fleet_report: tiles, charts and the table, from the data in the page. Whatever comes from the cloud is put in as
// text, never as markup.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const asOf = Date.parse(data.generated);
const DAY = 86400000;
const AGES = [[1, "under a day"], [7, "under a week"], [30, "under a month"], [365, "under a year"], [Infinity, "a year or more"]];
const GOOD = ["ACTIVE"];
const BAD = ["ERROR", "UNKNOWN", "missing"];
const OFF = ["SHUTOFF", "PAUSED", "SUSPENDED", "SHELVED", "SHELVED_OFFLOADED", "DELETED", "SOFT_DELETED"];
const natural = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const shownAge = (days) => days === null ? "" : days >= 2 ? Math.floor(days) + " d" : days * 24 >= 1 ? Math.floor(days * 24) + " h" : "under 1 h";
const words = (value) => typeof value === "string" ? value : value === null || value === undefined ? "nothing" : JSON.stringify(value);

const servers = data.servers.map((server) => {
  const created = Date.parse(server.created);
  const age = Number.isNaN(created) ? null : Math.max(0, (asOf - created) / DAY);
  const items = Object.entries(server.metadata || {}).map(([key, value]) => key + "=" + value);
  const texts = [server.name, server.id, server.region, server.status, server.task_state, server.flavor, server.image, server.managed, server.key_name,
    ...server.addresses.map((address) => address.addr), ...items, ...server.drift.map((line) => line.field)];
  return Object.assign({}, server, {
    age, items,
    facets: {
      status: server.status, region: server.region, flavor: server.flavor || "none", age: age === null ? "unknown" : AGES.find(([days]) => age < days)[1],
      managed: server.managed, drift: server.drift.length ? "drift" : "as declared",
    },
    haystack: texts.filter(Boolean).join("\n").toLowerCase(),
  });
});

const CHARTS = [["status", "Status"], ["region", "Region"], ["flavor", "Flavor"], ["age", "Age"], ["managed", "Managed"]];
const TILES = [
  ["servers", null, (found) => found.filter((server) => server.id).length],
  ["regions", null, (found) => new Set(found.filter((server) => server.id).map((server) => server.region)).size],
  ["not active", ["status", (value) => !GOOD.includes(value)], (found) => found.filter((server) => !GOOD.includes(server.status)).length, true],
  ["with drift", ["drift", (value) => value === "drift"], (found) => found.filter((server) => server.drift.length).length, true],
  ["unmanaged", ["managed", (value) => value === "unmanaged"], (found) => found.filter((server) => server.managed === "unmanaged").length],
];
const COLUMNS = [
  ["Name", (server) => server.name], ["Region", (server) => server.region], ["Status", (server) => server.status], ["Flavor", (server) => server.flavor],
  ["Image", (server) => server.image], ["Addresses", (server) => (server.addresses[0] || {}).addr || ""], ["Age", (server) => server.age === null ? -1 : server.age],
  ["Managed", (server) => server.managed], ["Drift", (server) => server.drift.length],
];

// What is filtered and how it is sorted; kept behind the # of the address, so that a link shows the same.
const chosen = { text: "", facets: {}, sort: "Name", down: false };

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function lasting(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function statusOf(server) {
  const kind = GOOD.includes(server.status) ? "good" : BAD.includes(server.status) ? "bad" : OFF.includes(server.status) ? "off" : "busy";
  const cell = element("td", {}, element("span", { className: "status " + kind, textContent: server.status }));
  for (const more of [server.task_state, server.fault]) if (more) cell.append(element("small", { textContent: more }));
  return cell;
}

function row(server) {
  const name = element("th", { scope: "row", textContent: server.name });
  if (server.id) name.append(element("small", { className: "id", textContent: server.id }));
  if (server.items.length) name.append(element("small", { textContent: server.items.join(", ") }));
  const flavor = element("td", { textContent: server.flavor });
  if (server.ram) flavor.append(element("small", { textContent: server.vcpus + " CPU, " + server.ram + " MB" }));
  const age = element("td", { className: "number" }, element("time", { dateTime: server.created || "", title: server.created || "", textContent: shownAge(server.age) }));
  const drift = element("ul", { className: "drift" }, ...server.drift.map((line) =>
    element("li", { textContent: line.field + ": " + words(line.found) + ", declared " + words(line.wanted) })));
  const managed = element("td", { textContent: server.managed });
  if (server.protected) managed.append(element("small", { textContent: "protected" }));
  return element("tr", {}, name, element("td", { textContent: server.region }), statusOf(server), flavor, element("td", { textContent: server.image }),
    element("td", {}, ...server.addresses.map((address) => element("div", { textContent: address.addr, title: address.network }))), age, managed,
    element("td", {}, drift));
}

// The filter but for one facet: a chart shows what choosing another of its bars would bring.
function fits(server, except) {
  return chosen.text.toLowerCase().split(/\s+/).every((word) => server.haystack.includes(word))
    && Object.entries(chosen.facets).every(([facet, values]) => facet === except || !values.length || values.includes(server.facets[facet]));
}

function toggle(facet, values) {
  const now = chosen.facets[facet] || [];
  const same = values.length && values.every((value) => now.includes(value));
  chosen.facets[facet] = same ? now.filter((value) => !values.includes(value)) : [...new Set([...now, ...values])];
  refresh();
}

function tile([label, facet, count, alarm]) {
  const number = count(servers);
  const inside = [element("b", { textContent: number }), element("span", { textContent: label })];
  const className = "tile" + (alarm && number ? " alarm" : "");
  if (!facet) return element("div", { className }, ...inside);
  const [name, wanted] = facet;
  const values = [...new Set(servers.map((server) => server.facets[name]))].filter(wanted);
  const button = lasting(element("button", { className, type: "button", disabled: !values.length }, ...inside), { "aria-pressed": "false" });
  button.addEventListener("click", () => toggle(name, values));
  redraw.push(() => lasting(button, { "aria-pressed": String(values.length > 0 && values.every((value) => (chosen.facets[name] || []).includes(value))) }));
  return button;
}

function chart([facet, title]) {
  const counts = new Map();
  for (const server of servers) counts.set(server.facets[facet], (counts.get(server.facets[facet]) || 0) + 1);
  const order = [...AGES.map(([, label]) => label), "unknown"];
  const values = [...counts.keys()].sort(facet === "age" ? (one, other) => order.indexOf(one) - order.indexOf(other)
    : (one, other) => counts.get(other) - counts.get(one) || natural.compare(one, other));
  const most = Math.max(...counts.values(), 1);
  const bars = values.map((value) => {
    const whole = element("span", { className: "whole" });
    const part = element("span", { className: "part" });
    const count = element("span", { className: "count" });
    whole.style.width = 100 * counts.get(value) / most + "%";
    const button = element("button", { className: "bar", type: "button" }, element("span", { className: "label", textContent: value, title: value }),
      element("span", { className: "track" }, whole, part), count);
    button.addEventListener("click", () => toggle(facet, [value]));
    redraw.push(() => {
      const number = servers.filter((server) => server.facets[facet] === value && fits(server, facet)).length;
      part.style.width = 100 * number / most + "%";
      part.classList.toggle("none", !number);
      count.textContent = number === counts.get(value) ? number : number + " of " + counts.get(value);
      lasting(button, { "aria-pressed": String((chosen.facets[facet] || []).includes(value)) });
    });
    return button;
  });
  return element("section", { className: "chart" }, element("h2", { textContent: title }), ...bars);
}

const redraw = [];
const rows = new Map(servers.map((server) => [server, row(server)]));
const body = document.querySelector("tbody");
const search = document.getElementById("search");
const heads = new Map();

function refresh() {
  const by = COLUMNS.find(([label]) => label === chosen.sort)[1];
  const sorted = [...servers].sort((one, other) => {
    const [first, second] = [by(one), by(other)];
    const order = typeof first === "number" ? first - second : natural.compare(first || "", second || "");
    return (chosen.down ? -order : order) || natural.compare(one.name, other.name);
  });
  let shown = 0;
  for (const server of sorted) {
    const fit = fits(server);
    rows.get(server).hidden = !fit;
    shown += fit;
  }
  body.append(...sorted.map((server) => rows.get(server)));
  for (const [label, head] of heads) lasting(head, { "aria-sort": label !== chosen.sort ? "none" : chosen.down ? "descending" : "ascending" });
  for (const draw of redraw) draw();
  document.getElementById("shown").textContent = shown === servers.length ? "all " + shown + " shown" : shown + " of " + servers.length + " shown";
  document.getElementById("nothing").hidden = shown > 0;
  search.value = chosen.text;
  remember();
}

function remember() {
  const parts = new URLSearchParams();
  if (chosen.text) parts.set("find", chosen.text);
  for (const [facet, values] of Object.entries(chosen.facets)) for (const value of values) parts.append(facet, value);
  if (chosen.sort !== "Name" || chosen.down) parts.set("sort", (chosen.down ? "-" : "") + chosen.sort);
  history.replaceState(null, "", "#" + parts);
}

function recall() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const sort = parts.get("sort") || "Name";
  chosen.text = parts.get("find") || "";
  chosen.down = sort.startsWith("-");
  chosen.sort = COLUMNS.some(([label]) => label === sort.replace(/^-/, "")) ? sort.replace(/^-/, "") : "Name";
  chosen.facets = Object.fromEntries([...CHARTS.map(([facet]) => facet), "drift"].map((facet) => [facet, parts.getAll(facet)]));
}

// A cell that begins like a formula would be run by a spreadsheet.
const cell = (text) => '"' + String(text === null || text === undefined ? "" : text).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""') + '"';

function download() {
  const lines = [["name", "id", "region", "status", "flavor", "image", "addresses", "created", "managed", "drift"]];
  for (const server of servers.filter((each) => fits(each))) {
    lines.push([server.name, server.id, server.region, server.status, server.flavor, server.image, server.addresses.map((address) => address.addr).join(" "),
      server.created, server.managed, server.drift.map((line) => line.field).join(" ")]);
  }
  const link = element("a", { download: "fleet.csv", href: URL.createObjectURL(new Blob([lines.map((line) => line.map(cell).join(",")).join("\r\n")], { type: "text/csv" })) });
  link.click();
  URL.revokeObjectURL(link.href);
}

for (const [label] of COLUMNS) {
  const button = element("button", { type: "button", textContent: label });
  const head = element("th", { scope: "col" }, button);
  button.addEventListener("click", () => {
    chosen.down = chosen.sort === label && !chosen.down;
    chosen.sort = label;
    refresh();
  });
  heads.set(label, head);
}
document.querySelector("thead tr").append(...heads.values());
document.querySelector(".tiles").append(...TILES.map(tile));
document.querySelector(".charts").append(...CHARTS.map(chart));
search.addEventListener("input", () => { chosen.text = search.value; refresh(); });
document.getElementById("reset").addEventListener("click", () => { Object.assign(chosen, { text: "", facets: {}, sort: "Name", down: false }); refresh(); });
document.getElementById("csv").addEventListener("click", download);
addEventListener("hashchange", () => { recall(); refresh(); });
recall();
refresh();
