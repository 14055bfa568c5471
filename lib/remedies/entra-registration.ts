import { type EntraRow, REGISTRATION } from "./entra-row";

/** The app registration, its tenant, its redirect URI and its cloud. */
export const ENTRA_REGISTRATION: readonly EntraRow[] = [
  {
    codes: [50011, 70004, 900971],
    title: "The redirect URI is not registered for this application.",
    cause: "Microsoft compares the address byte by byte with the ones in the app registration.",
    steps: [
      "Open Authentication in the app registration and add Postkey's redirect URI under the platform Web.",
      "Check https, the host name and that there is no slash at the end.",
      "If Postkey is reached under another address, correct POSTKEY_URL and restart it.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: REGISTRATION.authentication,
  },
  {
    codes: [500112],
    title: "The sign-in began with one redirect URI and ended with another.",
    cause: "POSTKEY_URL was changed in between, or a proxy rewrites the host, scheme or port.",
    steps: [
      "Set POSTKEY_URL to the one address that browsers use.",
      "Have the proxy pass host and scheme through unchanged.",
      "Press Authenticate again.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    codes: [9002325, 700084],
    title: "The redirect URI is registered for a single-page application.",
    cause: "Tokens for that platform end after 24 hours and cannot be renewed by a server.",
    steps: [
      "Open Authentication in the app registration and remove Postkey's redirect URI from Single-page application.",
      "Add the same address under Web.",
      "Press Authenticate again.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: REGISTRATION.authentication,
  },
  {
    codes: [50194],
    title: "The application serves one tenant, but the sign-in went to all of them.",
    cause:
      "The provider uses common or organizations, and the registration allows its own tenant only.",
    steps: [
      "Enter the Directory (tenant) ID in the provider.",
      "If other organisations are to sign in, change Supported account types in the registration instead.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    codes: [90002, 90023, 50059],
    title: "Microsoft does not know this tenant.",
    cause: "The tenant id is mistyped, belongs to another cloud, or is something else altogether.",
    steps: [
      "Copy Directory (tenant) ID from the overview of the app registration into the provider.",
      "Check that the provider's cloud is the one that the tenant lives in.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    link: REGISTRATION.overview,
  },
  {
    codes: [700016, 700011],
    title: "This tenant has no application with that id.",
    cause:
      "The application id is wrong, or it belongs to another tenant that has to consent first.",
    steps: [
      "Copy Application (client) ID from the overview, not the object id and not the id of the secret.",
      "Check that application id and tenant id come from the same page and are not swapped.",
      "For an application of another organisation, have an administrator of this tenant consent to it.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    link: REGISTRATION.overview,
  },
  {
    codes: [70001, 7000112, 1000031],
    title: "The application is switched off in this tenant.",
    cause: "An administrator disabled it, or Microsoft did after an incident.",
    steps: [
      "Open the application under Enterprise applications, then Properties.",
      "Set Enabled for users to sign in to Yes.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
  },
  {
    codes: [90038, 90051, 900382, 900432, 50049],
    title: "The tenant lives in another Microsoft cloud.",
    cause:
      "Global, US Government and China are separate, and each needs a registration of its own.",
    steps: [
      "Choose the tenant's cloud in the provider.",
      "Register the application in that cloud and enter its ids and its secret.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    codes: [9001023, 90124, 90130],
    title: "This sign-in needs one particular tenant.",
    cause: "The request went to common or consumers, which is not allowed for this kind of access.",
    steps: ["Enter the Directory (tenant) ID in the provider."],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    codes: [9002332, 500208],
    title: "The account is of a kind that this application does not accept.",
    cause: "A personal account was used where a work account is expected, or the other way round.",
    steps: [
      "Sign in with the account that owns the mailbox.",
      "Or change the supported account types in the provider and in the registration.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    codes: [700005],
    title: "The sign-in began at one tenant and ended at another.",
    cause: "The provider's tenant was changed while somebody was signing in.",
    steps: ["Press Authenticate again."],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    codes: [700054, 70005, 70007, 70003, 50147, 501491, 900144, 90014, 7000114, 9002313],
    title: "Microsoft could not understand the request.",
    cause:
      "A part is missing or malformed. The usual reasons are a damaged secret or a fault in Postkey.",
    steps: [
      "Enter the client secret once more, without blanks around it.",
      "Press Authenticate again.",
      "If it stays, report it with the trace id that is shown with the error.",
    ],
    who: "postkey_administrator",
    retry: "no",
  },
];
