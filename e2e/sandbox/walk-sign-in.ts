interface Walk {
  account: string;
  /** What to press on the consent page, where there is one. */
  consent?: "accept" | "cancel";
}

/**
 * Walks the sign-in pages as a person without JavaScript would, and returns the address that the
 * browser is sent to in the end; undefined where the platform keeps the person on a page of its own.
 */
export async function walkSignIn(authorizeUrl: string, walk: Walk): Promise<URL | undefined> {
  const first = await fetch(authorizeUrl, { redirect: "manual" });
  if (first.status === 303) return locationOf(first);
  const chosen = await submit(authorizeUrl, { account: walk.account });
  if (chosen.status === 303) return locationOf(chosen);
  if (!(await chosen.text()).includes("Permissions requested")) return undefined;
  const answer = walk.consent === "cancel" ? { cancel: "1" } : { consent: "accept" };
  const answered = await submit(authorizeUrl, { account: walk.account, ...answer });
  return answered.status === 303 ? locationOf(answered) : undefined;
}

function submit(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
}

function locationOf(response: Response): URL {
  return new URL(response.headers.get("location") ?? "");
}
