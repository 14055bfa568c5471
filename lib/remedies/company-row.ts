import type { Written } from "./remedy";

export function companyRemedy(name: string, told: Omit<Written, "id">): Written {
  return { id: `company.${name}`, ...told };
}
