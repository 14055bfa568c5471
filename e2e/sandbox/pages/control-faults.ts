import { MAILBOXES } from "../directory";
import { FAULTS, type FaultDefinition } from "../fault-catalogue";
import type { ActiveFault } from "../faults";
import { PLATFORM_NUMBERS } from "../identity/numbers";
import type { Platform } from "../platform";
import { type Html, html } from "./html";

/** In this order: a fault is in the first group that it belongs to. */
const GROUPS: readonly { title: string; isMine: (fault: FaultDefinition) => boolean }[] = [
  {
    title: "Graph: applications and their secrets",
    isMine: (fault) => !isOfMail(fault) && !isOfGoogle(fault) && fault.places.includes("graph"),
  },
  {
    title: "Identity platform: the sign-in page",
    isMine: (fault) => !isOfMail(fault) && !isOfGoogle(fault) && fault.places.includes("authorize"),
  },
  {
    title: "Identity platform: tokens and renewals",
    isMine: (fault) => !isOfMail(fault) && !isOfGoogle(fault),
  },
  { title: "Google", isMine: isOfGoogle },
  {
    title: "Mail servers",
    isMine: (fault) => isOfMail(fault) && !isReply(fault),
  },
  {
    title: "What a mail server says, word for word",
    isMine: isReply,
  },
];

function isOfGoogle({ id }: FaultDefinition): boolean {
  return id.startsWith("google:");
}

function isReply({ id }: FaultDefinition): boolean {
  return id.startsWith("reply:");
}

function isOfMail({ places }: FaultDefinition): boolean {
  return places.some((place) => place === "imap" || place === "pop3" || place === "smtp");
}

/** Every fault with its switch, by group; a search shows what it finds, and a group opens for what is on. */
export function faultsSection({ faults }: Platform, search: string): Html {
  const active = faults.list();
  const isOn = (id: string) => active.find((each) => each.id === id);
  const found = FAULTS.filter((fault) => isFound(fault, search));
  return html`<section id="faults" class="card" aria-labelledby="faults-title">
<h2 id="faults-title">Faults</h2>
<p class="muted">Switch one on, then do in the product what it should strike.</p>
${active.length > 0 && activeNote(active)}
${searchForm(search, found.length)}
${GROUPS.map(({ title }) => {
  const mine = found.filter((fault) => groupOf(fault) === title);
  if (mine.length === 0) return "";
  const isOpen = search !== "" || mine.some(({ id }) => isOn(id));
  return html`<details${isOpen && html` open`}><summary><h3>${title} (${mine.length})</h3></summary>
<ul class="rows">${mine.map((fault) => faultRow(fault, isOn(fault.id)))}</ul></details>`;
})}
<h3>Any AADSTS number</h3>
<ul class="rows">
${active.filter((each) => each.id.startsWith("raise:")).map((each) => raisedRow(each))}
<li class="row"><div class="what"><strong>Raise a number</strong>
<p>At the sign-in page or at the token endpoint, for example 50058 or 530032.</p></div>
<form method="post" action="/faults"><label class="sr" for="number">AADSTS number</label>
<input id="number" name="number" type="number" list="numbers" min="1000" max="99999999" required placeholder="number">
<datalist id="numbers">${PLATFORM_NUMBERS.map(({ number }) => html`<option value="${number}"></option>`)}</datalist>
<label class="sr" for="at">Where</label>
<select id="at" name="at"><option value="token">token endpoint</option><option value="authorize">sign-in page</option></select>
<button>Switch on<span class="sr">: the AADSTS number</span></button></form></li></ul></section>`;
}

function groupOf(fault: FaultDefinition): string | undefined {
  return GROUPS.find(({ isMine }) => isMine(fault))?.title;
}

/** Every word that was typed is somewhere in its texts. */
function isFound({ id, label, effect, places }: FaultDefinition, search: string): boolean {
  const text = [id, label, effect, ...places].join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function searchForm(search: string, count: number): Html {
  return html`<form method="get" action="/#faults" role="search" class="search">
<label for="search">Find a fault</label>
<input id="search" name="search" type="search" value="${search}" placeholder="throttled, 53003, SMTP AUTH …">
<button>Find</button>${
    search !== "" &&
    html`<a href="/#faults">Show all ${FAULTS.length}</a><span role="status">${count} of ${FAULTS.length} found</span>`
  }</form>`;
}

function activeNote(active: ActiveFault[]): Html {
  const ids = active.map((each) => each.id).join(", ");
  return html`<div class="refusal note" role="status"><span><strong>${active.length} on:</strong> ${ids}</span>
<form method="post" action="/faults/all"><button>Switch all off</button></form></div>`;
}

function faultRow(fault: FaultDefinition, active: ActiveFault | undefined): Html {
  const places = fault.places.length < 3 ? fault.places.join(", ") : "imap, pop3, smtp";
  return html`<li class="row" id="fault-${fault.id}"><div class="what"><strong>${fault.label}</strong> <code>${fault.id}</code>
${active && html`<span class="chip on">on${active.mailbox && ` for ${active.mailbox}`}</span>`}
<p>${fault.effect} <span>(${places})</span></p></div>
${active ? offForm(fault.id, fault.label) : onForm(fault)}</li>`;
}

function onForm(fault: FaultDefinition): Html {
  const { id, seconds, label } = fault;
  return html`<form method="post" action="/faults/${id}"><input type="hidden" name="on" value="true">
${
  seconds &&
  html`<label class="sr" for="seconds-${id}">Seconds: ${seconds.meaning}, ${label} (${id})</label>
<input id="seconds-${id}" name="seconds" type="number" min="1" max="3600" value="${seconds.default}" title="Seconds (${seconds.meaning})">`
}
${
  !fault.isForAll &&
  html`<label class="sr" for="mailbox-${id}">For whom: ${label} (${id})</label>
<select id="mailbox-${id}" name="mailbox"><option value="">everyone</option>${MAILBOXES.map(
    (entry) => html`<option value="${entry.address}">${entry.address}</option>`,
  )}</select>`
}
<button>Switch on<span class="sr">: ${label} (${id})</span></button></form>`;
}

function offForm(id: string, label: string): Html {
  return html`<form method="post" action="/faults/${id}"><input type="hidden" name="on" value="false">
<button class="primary">Switch off<span class="sr">: ${label} (${id})</span></button></form>`;
}

function raisedRow(active: ActiveFault): Html {
  const place = active.at === "authorize" ? "the sign-in page" : "the token endpoint";
  const where = active.at ? `at ${place}` : "at the sign-in page and at the token endpoint";
  return html`<li class="row"><div class="what"><strong>AADSTS${active.id.slice("raise:".length)}</strong>
<span class="chip on">on</span><p>Raised ${where}.</p></div>${offForm(active.id, active.id)}</li>`;
}
