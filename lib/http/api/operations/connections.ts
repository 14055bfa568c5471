import { z } from "zod";
import { connectApplication } from "@/lib/sign-ins/connect-application";
import { commandOperation } from "../command-operation";

export const connectCloudProviderOperation = commandOperation(connectApplication, {
  id: "connectCloudProvider",
  method: "POST",
  path: "/api/cloudProviders/{cloudProviderId}/connection",
  tag: "Cloud providers",
  summary: "Connect an application that signs in by itself",
  description:
    "For a provider whose `grant` is `app_only`: no one signs in, and every account of the provider uses this one authorization. Elsewhere `conflict`.",
  idParameter: "cloudProviderId",
  errors: ["conflict", "unprocessable"],
  answer: {
    status: 200,
    description: "It is connected.",
    schema: z.object({
      missing: z.array(z.string()).describe("The permissions for mail that were not granted."),
    }),
  },
});
