import { describe, expect, test } from "vitest";
import { Envelope } from "./envelope";
import { SEND_AGAIN } from "./smtp-words";

describe("the place of an envelope that is given up", () => {
  // The second is taken, or refused because of the first.
  test.each([
    [550, 250],
    [250, 503],
  ])("is missed where two MAILs at once are answered %i and %i", (...codes) => {
    const envelope = new Envelope();
    const told = [envelope.begin(), envelope.begin()];
    for (const [at, tell] of told.entries()) tell(codes[at] ?? 0);
    envelope.part();
    expect(envelope.answerTo("RCPT")).toBe(SEND_AGAIN);
  });

  test("is not missed where both were refused, or what was begun ended meanwhile", () => {
    const refused = new Envelope();
    for (const told of [refused.begin(), refused.begin()]) told(550);
    refused.part();
    expect(refused.answerTo("RCPT")).toBeNull();
    const ended = new Envelope();
    const told = ended.begin();
    ended.end();
    told(250);
    ended.part();
    expect(ended.answerTo("RCPT")).toBeNull();
  });

  test("is missed by what follows a MAIL that was put off, until it is begun again", () => {
    const envelope = new Envelope();
    envelope.putOff();
    expect(envelope.answerTo("RCPT")).toBe(SEND_AGAIN);
    envelope.begin();
    expect(envelope.answerTo("RCPT")).toBeNull();
  });
});
