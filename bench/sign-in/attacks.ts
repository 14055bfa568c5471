import { text } from "node:stream/consumers";
import { keepAlive, send } from "../http-client";
import { ADMINISTRATOR } from "../installation";
import { SIGN_IN_PATH, seenFrom, takeForm } from "../session";
import { type Arrivals, startArrivals } from "./arrivals";

/** Who tries passwords, and whose. */
export type Attack = {
  from: string;
  address: (index: number) => string;
  email: (index: number) => string;
};

const ONE_ADDRESS = "198.51.100.66";

/** One of the 65,536 networks of a customer's /48, each of which counts as one who is somewhere else. */
function ownNetwork(index: number): string {
  return `2001:db8:66:${(index % 0x10000).toString(16)}::1`;
}

export const ATTACKS: readonly Attack[] = [
  {
    from: "one address",
    address: () => ONE_ADDRESS,
    email: () => ADMINISTRATOR.email,
  },
  {
    from: "an address each",
    address: ownNetwork,
    email: () => ADMINISTRATOR.email,
  },
  {
    // No limit counts these together: each is the first of its address and of its account.
    from: "an address and an account each",
    address: ownNetwork,
    email: (index) => `nobody-${index}@example.com`,
  },
];

/** Tries so many wrong passwords a second until it is stopped. One form is enough for all of them. */
export async function startAttack(
  url: string,
  { attack, perSecond }: { attack: Attack; perSecond: number },
): Promise<Arrivals> {
  const { csrfToken, cookie } = await takeForm({ url, address: attack.address(0) });
  const agent = keepAlive(Number.POSITIVE_INFINITY);
  const arrivals = startArrivals(perSecond, async (index) => {
    const password = `wrong-${index}`;
    const fields = { email: attack.email(index), password, csrfToken, json: "true" };
    const response = await send({
      url: `${url}${SIGN_IN_PATH}`,
      method: "POST",
      headers: {
        cookie,
        "content-type": "application/x-www-form-urlencoded",
        ...seenFrom(attack.address(index)),
      },
      body: new URLSearchParams(fields).toString(),
      agent,
    });
    await text(response);
    return `${response.statusCode}`;
  });
  return {
    async stop() {
      const tally = await arrivals.stop();
      agent.destroy();
      return tally;
    },
  };
}
