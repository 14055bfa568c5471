import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";
import type { ActionResult } from "@/lib/http/schema";

/** JSON; an error of null means that the person cancelled. */
export type PasskeyAnswer = ActionResult<string> | { ok: false; error: null };
const load = () => import("@simplewebauthn/browser");

export async function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<PasskeyAnswer> {
  const { startRegistration } = await load();
  return asAnswer(() => startRegistration({ optionsJSON }));
}

/** @param useBrowserAutofill offers passkeys below the name field, and waits */
export async function showPasskey(
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
  useBrowserAutofill = false,
): Promise<PasskeyAnswer> {
  const { startAuthentication } = await load();
  return asAnswer(() => startAuthentication({ optionsJSON, useBrowserAutofill }));
}

export async function canOfferPasskeys(): Promise<boolean> {
  const { browserSupportsWebAuthnAutofill } = await load();
  return browserSupportsWebAuthnAutofill();
}

export async function stopOfferingPasskeys(): Promise<void> {
  const { WebAuthnAbortService } = await load();
  WebAuthnAbortService.cancelCeremony();
}

async function asAnswer(ask: () => Promise<object>): Promise<PasskeyAnswer> {
  try {
    return { ok: true, data: JSON.stringify(await ask()) };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "NotAllowedError" || name === "AbortError") return { ok: false, error: null };
    return { ok: false, error: { code: "conflict", message: messageFor(name) } };
  }
}

/** WebAuthn Level 3 §5.1 */
function messageFor(name: string): string {
  if (name === "InvalidStateError") return "This device already has a passkey for your account.";
  if (name === "SecurityError")
    return "The browser refuses passkeys at this address. Open Postkey at the address of POSTKEY_URL.";
  return "This browser or device can't use passkeys here.";
}
