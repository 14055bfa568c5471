import { describe, expect, test } from "vitest";
import { Envelope } from "./envelope";
import { SEND_AGAIN } from "./smtp-words";

describe("the place of an envelope that is given up", () => {
  test("is missed where the second of two MAILs at once was taken", () => {
    const envelope = new Envelope();
    const [first, second] = [envelope.begin(), envelope.begin()];
    first(550);
    second(250);
    envelope.part();
    expect(envelope.answerTo("RCPT")).toBe(SEND_AGAIN);
  });

  test("is missed where the second was refused because of the first", () => {
    const envelope = new Envelope();
    const [first, second] = [envelope.begin(), envelope.begin()];
    first(250);
    second(503);
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
