import { expect, test } from "vitest";
import { readPlain } from "./sasl";

const plain = (text: string) => readPlain(Buffer.from(text).toString("base64"));

test.each([
  ["as itself", "\0scanner\0secret", { user: "scanner", password: "secret" }],
  ["under its own name", "scanner\0scanner\0secret", { user: "scanner", password: "secret" }],
  ["with a NUL at its end", "\0scanner\0secret\0", { user: "scanner", password: "secret" }],
  ["with an empty password", "\0scanner\0", { user: "scanner", password: "" }],
  ["as another", "boss\0scanner\0secret", null],
  ["with something behind the NUL", "\0scanner\0secret\0more", null],
  ["with too little", "scanner\0secret", null],
])("PLAIN %s", (_, text, credentials) => {
  expect(plain(text)).toEqual(credentials);
});
