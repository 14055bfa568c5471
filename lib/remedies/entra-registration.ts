import { APP } from "./commands";
import type { EntraRow } from "./entra-row";
import { ENTERPRISE, REGISTRATION } from "./portal";

const REDIRECT = { who: "tenant_administrator", link: REGISTRATION.authentication } as const;
const TENANT = { who: "postkey_administrator", link: REGISTRATION.overview } as const;
const SWITCHED_OFF = { who: "tenant_administrator", link: ENTERPRISE.properties } as const;

/** The redirect URI, the tenant, the application id and the cloud. */
export const ENTRA_REGISTRATION: readonly EntraRow[] = [
  {
    ...REDIRECT,
    codes: [50011],
    title: "The redirect URI is not registered for this application.",
    cause: "Microsoft compares the address byte by byte with the ones in the app registration.",
    steps: [
      "Open Authentication in the app registration and add Postkey's redirect URI under the platform Web.",
      "Check https, the host name and that there is no slash at the end.",
      "If people reach Postkey at another address, correct POSTKEY_URL and restart it.",
    ],
    retry: "after_fix",
    command: APP.addRedirectUri,
  },
  {
    ...REDIRECT,
    codes: [900971],
    title: "The application has no redirect URI at all.",
    cause: "The registration was made without one, so Microsoft has nowhere to send the browser.",
    steps: ["Add Postkey's redirect URI under Authentication, platform Web."],
    retry: "after_fix",
    command: APP.addRedirectUri,
  },
  {
    ...REDIRECT,
    codes: [70004],
    title: "The redirect URI is not valid for this application.",
    cause: "It is registered for another platform than Web, or is written differently there.",
    steps: [
      "Open Authentication in the app registration and check which platform lists the address.",
      "Add exactly Postkey's redirect URI under the platform Web.",
    ],
    retry: "after_fix",
    command: APP.addRedirectUri,
  },
  {
    ...REDIRECT,
    codes: [500112],
    title: "The sign-in started with one redirect URI and ended with another.",
    cause: "POSTKEY_URL was changed in between, or a proxy rewrites the host, scheme or port.",
    steps: [
      "Set POSTKEY_URL to the one address that browsers use.",
      "Have the proxy pass host and scheme through unchanged.",
      "Press Authenticate again.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    command: APP.showRedirectUris,
    source: "https://github.com/odoo/odoo/issues/44943",
  },
  {
    ...REDIRECT,
    codes: [9002325, 700084],
    title: "The redirect URI is registered for a single-page application.",
    cause: "Tokens for that platform end after 24 hours and cannot be renewed by a server.",
    steps: [
      "Open Authentication in the app registration and remove Postkey's redirect URI from Single-page application.",
      "Add the same address under Web.",
      "Press Authenticate again.",
    ],
    retry: "after_fix",
    command: APP.showRedirectUris,
  },
  {
    ...TENANT,
    codes: [50194],
    title: "The application serves one tenant, but the sign-in went to all of them.",
    cause:
      "The provider uses common or organizations, and the registration allows its own tenant only.",
    steps: [
      "Enter the Directory (tenant) ID in the provider.",
      "If other organisations are to sign in, change Supported account types in the registration instead.",
    ],
    retry: "after_fix",
    link: REGISTRATION.authentication,
    command: APP.showAudience,
  },
  {
    ...TENANT,
    codes: [90002],
    title: "Microsoft does not know this tenant.",
    cause: "The tenant id is mistyped, or the tenant lives in another cloud than the provider's.",
    steps: [
      "Copy Directory (tenant) ID from the overview of the app registration into the provider.",
      "Check that the provider's cloud is the one that the tenant lives in.",
    ],
    retry: "after_fix",
    command: APP.showTenant,
  },
  {
    ...TENANT,
    codes: [90023],
    title: "The tenant id is neither an id nor a domain.",
    cause: "Something else was pasted into Tenant Id, such as a name or an id with a space in it.",
    steps: [
      "Copy Directory (tenant) ID from the overview of the app registration into the provider.",
    ],
    retry: "after_fix",
    command: APP.showTenant,
  },
  {
    ...TENANT,
    codes: [50059],
    title: "Microsoft cannot tell which tenant is meant.",
    cause: "The request named no tenant, and the account that signed in does not show it either.",
    steps: ["Enter the Directory (tenant) ID in the provider."],
    retry: "after_fix",
    command: APP.showTenant,
  },
  {
    ...TENANT,
    codes: [700016, 700011],
    title: "This tenant has no application with that id.",
    cause:
      "The application id is wrong, or it belongs to another tenant that has to consent first.",
    steps: [
      "Copy Application (client) ID from the overview into the provider, not the object id and not the id of the secret.",
      "Check that application id and tenant id come from the same page and are not swapped.",
      "For an application of another organisation, have an administrator of this tenant consent to it.",
    ],
    retry: "after_fix",
    command: APP.showInTenant,
  },
  {
    ...SWITCHED_OFF,
    codes: [70001, 7000112],
    title: "The application is switched off in this tenant.",
    cause: "An administrator disabled it, or Microsoft did after an incident.",
    steps: [
      "Open the application under Enterprise applications, then Properties.",
      "Set Enabled for users to sign in to Yes.",
    ],
    retry: "after_fix",
    command: APP.enable,
  },
  {
    ...SWITCHED_OFF,
    codes: [1000031],
    title: "An administrator has blocked this application for now.",
    cause: "The tenant blocks it until someone has reviewed it.",
    steps: [
      "Ask an administrator of the tenant to review and allow the application.",
      "Press Authenticate again.",
    ],
    retry: "after_fix",
    command: APP.showInTenant,
  },
  {
    ...TENANT,
    codes: [90038],
    title: "The tenant lives in another Microsoft cloud.",
    cause:
      "Global, US Government and China are separate, and each needs a registration of its own.",
    steps: [
      "Choose the tenant's cloud in the provider.",
      "Register the application in that cloud and enter its ids and its secret.",
    ],
    retry: "after_fix",
  },
  {
    ...TENANT,
    codes: [90051, 50049],
    title: "Microsoft's sign-in servers do not know this cloud.",
    cause: "The provider's cloud has a sign-in host that does not fit the tenant.",
    steps: [
      "Choose the tenant's cloud in the provider.",
      "For a cloud of your own, correct its authority in the file of POSTKEY_CLOUDS_FILE.",
    ],
    retry: "after_fix",
  },
  {
    ...TENANT,
    codes: [900382, 900432],
    title: "An application with a secret cannot be used across Microsoft's clouds.",
    cause: "The registration is in one cloud, and the account or the provider is in another.",
    steps: [
      "Register an application in the cloud that the mailboxes are in.",
      "Choose that cloud in the provider, and enter the new ids and the new secret.",
    ],
    retry: "after_fix",
    source: "https://github.com/microsoft/CSS-Exchange/issues/1593",
  },
  {
    ...TENANT,
    codes: [9001023],
    title: "An application that signs in for itself needs one particular tenant.",
    cause:
      "Client credentials went to common or consumers, where there is no tenant to grant them.",
    steps: ["Enter the Directory (tenant) ID in the provider."],
    retry: "after_fix",
    command: APP.showTenant,
  },
  {
    ...TENANT,
    codes: [90124, 90130],
    title: "This sign-in needs one particular tenant.",
    cause: "The request went to common or consumers, which is not allowed for this application.",
    steps: [
      "Enter the Directory (tenant) ID in the provider.",
      "Or set Supported account types to Any organisation, if people of several organisations sign in.",
    ],
    retry: "after_fix",
    command: APP.showAudience,
  },
  {
    ...REDIRECT,
    codes: [9002332],
    title: "The application takes work accounts, but a personal sign-in was asked for.",
    cause: "The account types of the provider are wider than those of the registration.",
    steps: [
      "Choose the same account types in the provider as in the registration.",
      "Or allow personal accounts in the registration.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    command: APP.showAudience,
  },
  {
    ...REDIRECT,
    codes: [500208],
    title: "The account is of a kind that this application does not accept.",
    cause: "A personal account was used where a work account is expected, or the other way round.",
    steps: [
      "Sign in with the account that owns the mailbox.",
      "Or change the supported account types in the provider and in the registration.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
    command: APP.showAudience,
  },
  {
    ...TENANT,
    codes: [700005],
    title: "The sign-in started at one tenant and ended at another.",
    cause: "The provider's tenant was changed while someone was signing in, or is common.",
    steps: [
      "Check the Tenant Id of the provider.",
      "Press Authenticate again, and finish it in one go.",
    ],
    retry: "after_fix",
  },
];
