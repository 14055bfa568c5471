import { Alert, Text } from "@mantine/core";
import { type ClientAddresses, clientAddresses } from "@/lib/http/auth/client-address";

export function UnknownAddresses() {
  const addresses = clientAddresses();
  if (addresses === "known") return null;
  return (
    <Alert
      color={addresses === "unnamed_proxy" ? "yellow" : "gray"}
      title="Postkey doesn't know where people connect from"
    >
      <Text size="sm">
        Everyone who is new to Postkey shares one limit for failed sign-ins: while someone guesses
        passwords, people in a new browser wait up to 15 seconds before each try. The audit trail
        and the sessions have no addresses. {WHAT_TO_DO[addresses]}
      </Text>
    </Alert>
  );
}

const WHAT_TO_DO: Readonly<Record<Exclude<ClientAddresses, "known">, string>> = {
  unnamed_proxy:
    "Requests come through a proxy: they have X-Forwarded-For. Set POSTKEY_TRUST_PROXY to the proxy's address and restart Postkey.",
  unknown:
    "With a proxy in front of Postkey, set POSTKEY_TRUST_PROXY to its address and restart Postkey.",
};
