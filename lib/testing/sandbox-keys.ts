import { loadCertificates, loadClientCertificate } from "@/e2e/sandbox/certificates";
import { initialRegistrations } from "@/e2e/sandbox/registrations";
import { openState } from "@/e2e/sandbox/state";

/** Makes in a folder what the first start of a sandbox makes. */
export function makeSandboxKeys(stateDir: string): void {
  const { certificatePem } = loadClientCertificate(stateDir);
  loadCertificates(stateDir);
  openState(stateDir, () => initialRegistrations(Date.now(), certificatePem));
}
