import { APP, DIRECTORY, MAILBOX } from "./commands";
import { entra, OWNER_SIGNS_IN, PASSES, see, TENANT_ADMIN, TENANT_REAUTH } from "./entry";
import { ENTERPRISE, REGISTRATION, TENANT } from "./portal";
import { again, editProvider, ONE_GO, SIGN_IN_AGAIN, signIn, wait } from "./steps";

const ENDED = see(OWNER_SIGNS_IN, TENANT.users);
const INTERRUPTED = see(OWNER_SIGNS_IN, TENANT.signIns);
const OTHER_ACCOUNT = see(OWNER_SIGNS_IN, TENANT.users, DIRECTORY.showUser);
const CHOOSE = signIn`{Press} and choose the account of the mailbox. A private window helps.`;
const CORRECT_TENANT = editProvider`If the account is right, correct the tenant id in the provider.`;

const REFRESH_TOKENS = "https://learn.microsoft.com/entra/identity-platform/refresh-tokens";

export const ENTRA_SIGN_IN = [
  entra("AADSTS700082", see(ENDED, DIRECTORY.showUser, REFRESH_TOKENS), {
    title: "The sign-in has ended because it was not used for 90 days.",
    cause:
      "Microsoft deletes a refresh token that goes unused for that long. Postkey was not running.",
    steps: [signIn`{Press} and sign in. Postkey keeps the new one in use.`],
  }),
  entra("AADSTS70008", see(ENDED, DIRECTORY.showUser, REFRESH_TOKENS), {
    title: "The sign-in has expired.",
    cause: "The code was redeemed too late, or the refresh token was not used in time.",
    steps: [SIGN_IN_AGAIN],
  }),
  entra("AADSTS50173", see(ENDED, DIRECTORY.showUser, REFRESH_TOKENS), {
    title: "The sign-in was revoked.",
    cause: "An administrator reset the password or signed the person out everywhere.",
    steps: [SIGN_IN_AGAIN],
  }),
  entra(["AADSTS50132", "AADSTS50133"], see(ENDED, DIRECTORY.showUser), {
    title: "The sign-in is no longer valid because the password was changed or expired.",
    cause: "Microsoft ends sessions that are older than the password.",
    steps: [signIn`{Press} and sign in with the new password.`],
  }),
  entra("AADSTS70000", see(ENDED, ENTERPRISE.consent, APP.showInTenant), {
    title: "The sign-in does not belong to this application.",
    cause: "The Application Id was changed, the permissions were withdrawn, or it is damaged.",
    steps: ["Check that the provider's Application Id was not changed.", SIGN_IN_AGAIN],
  }),
  entra("AADSTS70043", see(TENANT_REAUTH, TENANT.policies, DIRECTORY.signInsOfApp), {
    title: "The tenant's sign-in frequency has ended the session.",
    cause: "A Conditional Access policy asks for a new sign-in after a set time.",
    steps: [
      signIn`{Press} and sign in.`,
      "Exclude this account or this application from the policy, or it will happen again.",
    ],
  }),
  entra("AADSTS50089", see(INTERRUPTED, DIRECTORY.signInsOfApp), {
    title: "The sign-in page was left open for too long.",
    cause: "Microsoft forgets a sign-in that is not finished within a few minutes.",
    steps: [ONE_GO],
  }),
  entra("AADSTS501481", see(INTERRUPTED, DIRECTORY.signInsOfApp), {
    title: "The answer belongs to another sign-in than the one you started.",
    cause: "Two sign-ins ran at once, or an old page was used again.",
    steps: ["Close other sign-in pages.", ONE_GO],
  }),
  entra("AADSTS900561", see(INTERRUPTED, DIRECTORY.signInsOfApp), {
    title: "The sign-in was interrupted, most often by the browser's Back button.",
    cause: "A Microsoft page was opened in a way that it does not accept.",
    steps: [ONE_GO],
  }),
  entra("AADSTS50058", see(INTERRUPTED, DIRECTORY.signInsOfApp), {
    title: "No one is signed in at Microsoft in this browser.",
    cause: "The request allowed no sign-in page, and the browser had no session.",
    steps: [ONE_GO, "Allow the cookies of Microsoft's sign-in pages."],
  }),
  entra(
    "AADSTS54005",
    { retry: "no" },
    {
      title: "The sign-in was completed twice.",
      cause: "The page was reloaded. Only the first time counts.",
      steps: ["Check whether the account is already connected.", again`If it is not, {press}.`],
      link: TENANT.signIns,
      command: DIRECTORY.signInsOfApp,
    },
  ),
  entra("AADSTS50020", OTHER_ACCOUNT, {
    title: "This account does not belong to the tenant.",
    cause: "The browser was signed in with another account, or the provider has the wrong tenant.",
    steps: [CHOOSE, CORRECT_TENANT],
  }),
  entra(["AADSTS50034", "AADSTS51004", "AADSTS500341"], OTHER_ACCOUNT, {
    title: "The tenant has no account with this address.",
    cause: "The address is mistyped, was renamed or deleted, or belongs to another tenant.",
    steps: ["Check the address that was typed at the sign-in.", CHOOSE, CORRECT_TENANT],
  }),
  entra("AADSTS16000", OTHER_ACCOUNT, {
    title: "An account has to be chosen, or this one does not exist in the tenant.",
    cause: "The browser knows several accounts, and Microsoft could not choose one of them.",
    steps: [CHOOSE, CORRECT_TENANT],
  }),
  entra("AADSTS90072", OTHER_ACCOUNT, {
    title: "The tenant does not know this account.",
    cause: "It comes from another organisation and was never invited here.",
    steps: [CHOOSE, "Or use a provider of the organisation that the account belongs to."],
  }),
  entra(["AADSTS50057", "AADSTS500571"], see(TENANT_ADMIN, TENANT.users, MAILBOX.showRights), {
    title: "The account is disabled.",
    cause: "Shared mailboxes and accounts of people who left cannot sign in themselves.",
    steps: [
      "If it is a person's account, enable it in the Microsoft 365 admin center.",
      "If it is a shared mailbox, sign in as someone with Full Access to it.",
      again`Once it is enabled, {press}.`,
    ],
  }),
  entra(
    "AADSTS50053",
    { ...TENANT_ADMIN, retry: "yes" },
    {
      title: "The account is locked at the moment.",
      cause:
        "There were too many failed sign-ins, or they came from an address that Microsoft distrusts.",
      steps: [
        wait`Wait half an hour.`,
        "Look at the sign-in log to see where the failures come from.",
      ],
      link: TENANT.signIns,
      command: DIRECTORY.signInsOfApp,
    },
  ),
  entra("AADSTS50055", OTHER_ACCOUNT, {
    title: "The password of the account has expired.",
    cause: "The tenant demands a new one from time to time.",
    steps: ["Change the password at Microsoft.", signIn`{Press} and sign in with the new one.`],
  }),
  entra("AADSTS50126", OTHER_ACCOUNT, {
    title: "The user name or the password was wrong.",
    cause: "Microsoft refused what was typed on its page. Postkey never sees it.",
    steps: [
      signIn`{Press} and type the password of the mailbox's account.`,
      "Reset the password if no one knows it.",
    ],
  }),
  entra("AADSTS50144", OTHER_ACCOUNT, {
    title: "The password in the organisation's own directory has expired.",
    cause: "The account comes from a directory on premises, where its password has expired.",
    steps: ["Reset the password on premises.", signIn`{Press} and sign in with the new one.`],
    who: "tenant_administrator",
  }),
  entra("AADSTS50196", see(PASSES, REGISTRATION.overview, DIRECTORY.signInsOfApp), {
    title: "Microsoft received the same request too often.",
    cause: "Something asked for tokens in a loop, perhaps another program with this application.",
    steps: [
      wait`Wait ten minutes. Postkey retries automatically, more slowly.`,
      "Find out whether another program uses the same application id.",
    ],
  }),
];
