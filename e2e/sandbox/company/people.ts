/** Who works at the sandbox's company, and in which groups. */
export interface Employee {
  sub: string;
  email: string;
  name: string;
  groups: readonly string[];
}

/** What an authorization code stands for. */
export interface CompanyCode {
  employee: Employee;
  redirectUri: string;
  codeChallenge: string;
  nonce: string | undefined;
  issuedAt: number;
}

export const EMPLOYEES: readonly Employee[] = [
  {
    sub: "e-1001",
    email: "ines@contoso.example",
    name: "Ines Moreau",
    groups: ["everyone", "postkey-admins"],
  },
  {
    sub: "e-1002",
    email: "tom@contoso.example",
    name: "Tom Okafor",
    groups: ["everyone", "postkey-operators"],
  },
  { sub: "e-1003", email: "lena@contoso.example", name: "Lena Vogt", groups: ["everyone"] },
  { sub: "e-1004", email: "max@contoso.example", name: "Max Guest", groups: [] },
];

export function findEmployee(email: string): Employee | undefined {
  return EMPLOYEES.find((each) => each.email === email);
}
