export interface GoogleUser {
  /** Google's number of the account: what stays when the address changes. */
  sub: string;
  address: string;
  name: string;
  /** The Workspace domain (`hd`); absent for personal accounts. */
  domain?: string;
}

export const GOOGLE_USERS: readonly GoogleUser[] = [
  { sub: "104857600000000000001", address: "gina@gmail.test", name: "Gina Park" },
  {
    sub: "104857600000000000002",
    address: "desk@wingtip.test",
    name: "Wingtip Desk",
    domain: "wingtip.test",
  },
  {
    sub: "104857600000000000003",
    address: "omar@wingtip.test",
    name: "Omar Said",
    domain: "wingtip.test",
  },
];

export function findGoogleUser(address: string): GoogleUser | undefined {
  const wanted = address.trim().toLowerCase();
  return GOOGLE_USERS.find((user) => user.address === wanted);
}
