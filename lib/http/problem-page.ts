import "server-only";
import { type AppError, httpStatus } from "@/lib/kernel/errors";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";

const AT_CALLBACK = { once: "sign_in" } as const;

const OWNERS_STEPS = [
  "Open the link that you were sent once more, and finish the sign-in in one go.",
  "If it fails again, send this page to the person who sent you the link.",
];

/** For browsers without a page to return to; no script, no external resource. */
export function problemPage(
  error: AppError,
  { retry, isOwner = false }: { retry: boolean; isOwner?: boolean },
): Response {
  const remedy = error.remedyId ? fillRemedy(findRemedy(error.remedyId), AT_CALLBACK) : undefined;
  const told = isOwner ? OWNERS_STEPS : (remedy?.steps ?? []);
  const steps = told.map((step) => `<li>${escapeHtml(step)}</li>`).join("");
  const again = retry ? `<p><a href="">Try again with the same answer</a></p>` : "";
  const back = isOwner
    ? ""
    : `<p><a href="/settings/cloud-providers">Back to Cloud Providers</a></p>`;
  const code =
    error.remedyId && !isOwner
      ? `<a href="/help/errors/${encodeURIComponent(error.remedyId)}"><code>${escapeHtml(error.remedyId)}</code></a>`
      : `<code>${escapeHtml(error.remedyId ?? error.code)}</code>`;
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Sign-in not completed · Postkey</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:38rem;margin:12vh auto;padding:0 1.5rem}
h1{font-size:1.4rem}code{opacity:.8}a{color:LinkText}</style></head>
<body><main><h1>${escapeHtml(remedy?.title ?? error.message)}</h1>
<p>${escapeHtml(remedy?.cause ?? "")}</p><ol>${steps}</ol>${again}
${back}
<p>${code}</p></main></body></html>`;
  return new Response(html, {
    status: httpStatus(error.code),
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  });
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? "");
}
