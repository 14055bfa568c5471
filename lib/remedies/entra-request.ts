import { APP } from "./commands";
import type { EntraRow } from "./entra-row";
import { REGISTRATION } from "./portal";

const FAULT = {
  who: "postkey_administrator",
  retry: "no",
  link: REGISTRATION.overview,
} as const;
const REPORT = "If it stays, report it with the trace id that is shown with the error.";

/** Requests that Microsoft cannot make sense of: damaged on the way, or a fault of Postkey. */
export const ENTRA_REQUEST: readonly EntraRow[] = [
  {
    ...FAULT,
    codes: [900144, 90014],
    title: "A part of the request to Microsoft was missing.",
    cause: "Something on the way removed a field, or Postkey did not send it.",
    steps: [
      "Check that no proxy changes requests to Microsoft's sign-in host.",
      "Press Authenticate again.",
      REPORT,
    ],
    source: "https://github.com/moriyoshi/sasl-xoauth2/issues/89",
  },
  {
    ...FAULT,
    codes: [9002313],
    title: "Microsoft could not read the request.",
    cause: "A value in it is damaged. Most often it is a secret that was pasted with a blank.",
    steps: [
      "Enter the client secret once more, without blanks around it.",
      "Press Authenticate again.",
      REPORT,
    ],
    link: REGISTRATION.secrets,
    command: APP.listSecrets,
  },
  {
    ...FAULT,
    codes: [50147, 501491],
    title: "The proof key of the sign-in has the wrong size.",
    cause: "Postkey makes it anew for each sign-in. Something on the way cut the address short.",
    steps: ["Press Authenticate again.", "Check that no proxy shortens addresses.", REPORT],
  },
  {
    ...FAULT,
    codes: [700054, 70005],
    title: "Microsoft was asked for another kind of answer than this application may get.",
    cause: "Postkey asks for a code only. Another request was made with the same application.",
    steps: ["Begin the sign-in with Authenticate in Postkey, not with a saved link.", REPORT],
    link: REGISTRATION.authentication,
  },
  {
    ...FAULT,
    codes: [70007],
    title: "Microsoft does not support the way in which the answer was to come back.",
    cause: "Postkey asks for it in the address. A saved or changed link asks for something else.",
    steps: ["Begin the sign-in with Authenticate in Postkey, not with a saved link.", REPORT],
  },
  {
    ...FAULT,
    codes: [70003],
    title: "The application was asked for a kind of grant that does not exist.",
    cause: "Something on the way changed the request, or Postkey has a fault.",
    steps: ["Check that no proxy changes requests to Microsoft's sign-in host.", REPORT],
  },
  {
    ...FAULT,
    codes: [7000114],
    title: "The application may not act on behalf of another application.",
    cause: "Postkey never asks for that. Another program uses the same application id.",
    steps: ["Give Postkey an application of its own, and enter its ids and its secret.", REPORT],
  },
];
