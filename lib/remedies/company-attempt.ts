import { companyRemedy } from "./company-row";
import type { Written } from "./remedy";
import { companyPage } from "./steps";

const OAUTH = "https://www.rfc-editor.org/rfc/rfc6749";

/** An attempt to sign in. */
export const COMPANY_ATTEMPT: readonly Written[] = [
  companyRemedy("unknown", {
    title: "This company sign-in does not exist.",
    cause: "It was deleted, or the address was typed.",
    steps: ["Go to the sign-in page and choose a button there."],
    retry: "reauth",
  }),
  companyRemedy("switched_off", {
    title: "This company sign-in is switched off.",
    cause: "An administrator switched it off, or changed it without testing it.",
    steps: [companyPage`choose Test sign-in, then Switch on.`],
  }),
  companyRemedy("not_completed", {
    title: "The sign-in was not completed.",
    cause:
      "It took longer than 15 minutes, was begun in another browser, its page was loaded twice, or an administrator changed the company sign-in in the meantime.",
    steps: ["Sign in again from the sign-in page, in one go. Cookies must be allowed."],
    retry: "reauth",
  }),
  companyRemedy("cancelled", {
    title: "The sign-in was cancelled at your company.",
    cause: "Someone chose Cancel there, or you may not use this application.",
    steps: [
      "Sign in again.",
      "If it is refused each time, have yourself assigned to the application at your company.",
    ],
    retry: "reauth",
    source: OAUTH,
  }),
  companyRemedy("too_many", {
    title: "Postkey is busy with sign-ins. Try again in a minute.",
    cause:
      "Many people are signing in, many sign-ins failed, or the company or the database is slow. After 30 failed attempts, a network has to wait.",
    steps: ["Wait a minute, then sign in again from the sign-in page."],
    retry: "yes",
  }),
  companyRemedy("password_used", {
    title: "Someone signed in without the company although company sign-in is required.",
    cause:
      "Passwords and passkeys of administrators stay as a way in for emergencies. Each use is reported.",
    steps: [
      "Ask the administrator named here whether it was them. The audit trail says when and from where.",
      "If it was not, end their sessions under Settings → Administrators and create a password link for them.",
    ],
  }),
  companyRemedy("failed", {
    title: "The company sign-in failed for a reason that Postkey does not know yet.",
    cause: "Something went wrong in Postkey itself. Nothing was stored.",
    steps: ["Try again.", "If it continues, search Postkey's log for “company sign-in failed”."],
    retry: "yes",
  }),
];
