// Changes all accounts that filters find, 1,000 at a time, and says after each part how far it is.
// Stopped or broken off, it changed whole parts alone: started again, it goes on with the rest.
const { POSTKEY_URL, POSTKEY_API_KEY, FILTERS, CHANGE } = process.env;
const PART = 1_000;

async function ask(path, body) {
  const response = await fetch(`${POSTKEY_URL}/api/emailAccounts${path}`, {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${POSTKEY_API_KEY}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.detail} ${JSON.stringify(answer.fields ?? "")}`);
  return answer;
}

// Which accounts they are is decided once: what the filters find later is left as it is.
const ids = [];
for (let page = { next: "" }; page.next !== undefined; ) {
  const after = page.next && `&after=${encodeURIComponent(page.next)}`;
  page = await ask(`?limit=200&${FILTERS}${after}`);
  ids.push(...page.rows.map(({ id }) => id));
}

for (let at = 0; at < ids.length; at += PART) {
  const emailAccountIds = ids.slice(at, at + PART);
  const selection = { accounts: "selected", emailAccountIds };
  const part = await ask("/changes", { selection, change: JSON.parse(CHANGE) });
  const { changed, unchanged, missing, refused } = part;
  console.log(
    `${at + emailAccountIds.length} of ${ids.length}: ${changed} changed, ${unchanged} were so already, ${missing} no longer exist, ${refused.length} refused`,
  );
  for (const { name, reason } of refused) console.log(`${name}: ${reason}`);
}
