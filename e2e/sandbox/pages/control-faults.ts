import { MAILBOXES } from "../directory";
import { FAULTS, type FaultDefinition } from "../fault-catalogue";
import type { ActiveFault } from "../faults";
import { PLATFORM_NUMBERS } from "../identity/numbers";
import type { Platform } from "../platform";
import { type Html, html } from "./html";

const GROUPS = {
  graph: "Graph: applications and their secrets",
  authorize: "Identity platform: the sign-in page",
  token: "Identity platform: tokens and renewals",
  google: "Google",
  mail: "Mail servers",
  reply: "What a mail server says, word for word",
};

function groupOf({ id, places }: FaultDefinition): keyof typeof GROUPS {
  if (id.startsWith("google:")) return "google";
  if (id.startsWith("reply:")) return "reply";
  if (places.includes("graph")) return "graph";
  if (places.includes("authorize")) return "authorize";
  return places.includes("token") ? "token" : "mail";
}

/** Every fault with its switch, by group; a group is open for what is on. */
export function faultsSection({ faults }: Platform): Html {
  const active = faults.list();
  const isOn = (id: string) => active.find((each) => each.id === id);
  return html`<section id="faults" class="card" aria-labelledby="faults-title">
<h2 id="faults-title">Faults</h2>
<p class="muted">Switch one on, then do in the product what it should strike.</p>
${active.length > 0 && activeNote(active)}
${Object.entries(GROUPS).map(([group, title]) => {
  const mine = FAULTS.filter((fault) => groupOf(fault) === group);
  return html`<details${mine.some(({ id }) => isOn(id)) && html` open`}><summary><h3>${title} (${mine.length})</h3></summary>
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
