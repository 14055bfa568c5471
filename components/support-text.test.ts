import { expect, test } from "vitest";
import { supportText } from "./support-text";

const TRACE = "0e7f1a52-5b0c-4c55-8a53-2c1f0d9a1b00";
const CORRELATION = "b5b0a1f2-98c1-4c6e-9d2e-7c1b2a3d4e5f";

test("names what the support of the platform asks for, each on its line", () => {
  const detail = `AADSTS999999: No. Trace ID: ${TRACE} Correlation ID: ${CORRELATION} Timestamp: 2026-11-05 10:00:00Z`;
  expect(supportText({ code: "AADSTS999999", detail })).toBe(
    [
      "Code: AADSTS999999",
      `Correlation ID: ${CORRELATION}`,
      `Trace ID: ${TRACE}`,
      "Time: 2026-11-05 10:00:00Z",
      "Message: AADSTS999999: No.",
    ].join("\n"),
  );
});

test("takes the time of the failure where the other side told none", () => {
  const at = new Date("2026-11-05T10:00:00Z");
  const detail = "SMTP 535 5.7.3 Authentication unsuccessful";
  expect(supportText({ code: "smtp.auth_unsuccessful", detail, at })).toBe(
    `Code: smtp.auth_unsuccessful\nTime: ${at.toISOString()}\nMessage: ${detail}`,
  );
});
