import type { HttpsReply } from "@/lib/egress/https";
import { classifyReply, fixRegistration, signInAgain } from "../oauth-failure";
import type { Refusals } from "../service";

const SECRET_ENDED = "AADSTS7000222";
const CERTIFICATE_UNKNOWN = "AADSTS700027";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

export const MICROSOFT_REFUSALS: Refusals = {
  prefix: "AADSTS",
  ofNumber: (code) => `AADSTS${code}`,
  meanings: [
    signInAgain("postkey.refresh_token_unknown", { code: 9002313, grant: "refresh_token" }),
    signInAgain("postkey.code_unknown", { code: 9002313, grant: "authorization_code" }),
    signInAgain("callback.device_code_expired", { code: 9002313, grant: DEVICE_CODE }),
    fixRegistration("postkey.workload_policy", { code: 53003, grant: "client_credentials" }),
    signInAgain("postkey.refresh_token_unknown", { code: 700005, says: /client_mismatch/i }),
    fixRegistration("postkey.certificate_expired", { code: 700027, says: /key used is expired/i }),
  ],
  fields: {
    AADSTS700016: "clientId",
    AADSTS700011: "clientId",
    AADSTS70001: "clientId",
    AADSTS7000112: "clientId",
    AADSTS90002: "tenantId",
    AADSTS90023: "tenantId",
    AADSTS90038: "cloud",
  },
  unknownCertificate: CERTIFICATE_UNKNOWN,
  endedCredential: [SECRET_ENDED, "AADSTS7000215", CERTIFICATE_UNKNOWN],
  endedSecret: SECRET_ENDED,
  cancelled: ["AADSTS65004"],
  unconsented: ["AADSTS65001", "AADSTS90094", "AADSTS90095", "AADSTS90099", "AADSTS90093"],
};

export function classifyMicrosoftReply(reply: HttpsReply) {
  return classifyReply(reply, MICROSOFT_REFUSALS);
}
