import { NextRequest } from "next/server";
import { describe, expect, test, vi } from "vitest";
import { proxy } from "@/proxy";

describe.each(["/sign-in", "/settings/api-keys"])("%s", (path) => {
  const transportSecurity = (address: string) => {
    vi.stubEnv("POSTKEY_URL", address);
    return proxy(new NextRequest(`http://127.0.0.1:3000${path}`)).headers.get(
      "strict-transport-security",
    );
  };

  test("binds browsers to https where the public address is https", () => {
    expect(transportSecurity("https://postkey.example.com")).toBe("max-age=31536000");
  });

  test("binds nobody where it is http: the host may serve other things", () => {
    expect(transportSecurity("http://localhost:3000")).toBeNull();
  });
});
