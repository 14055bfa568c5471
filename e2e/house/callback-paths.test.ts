import { expect, test } from "vitest";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { serviceOf } from "@/lib/oauth/services";
import { CALLBACK_PATHS } from "@/scripts/installation.mjs";

test("the sandbox sends browsers back to every service", () => {
  const ofServices = SERVICE_IDS.map((service) => serviceOf({ service }).callbackPath);
  expect(CALLBACK_PATHS).toEqual(ofServices);
});
