import type { Refusals } from "../service";

const SECRET_ENDED = "AADSTS7000222";
const CERTIFICATE_UNKNOWN = "AADSTS700027";

export const MICROSOFT_REFUSALS: Refusals = {
  prefix: "AADSTS",
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
