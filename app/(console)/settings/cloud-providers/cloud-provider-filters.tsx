import { dayText } from "@/components/day";
import { FilterSelect } from "@/components/filter-select";
import type { ChosenFilter } from "@/components/list-filters";
import { stateLabel } from "@/components/state-badge";
import { PLATFORM_TABLE } from "@/lib/oauth/schema";
import {
  type CloudProviderFilters as Filters,
  SHOWN_PROVIDER_STATES,
} from "@/lib/registrations/filters/schema";
import type { CloudChoice } from "@/lib/registrations/schema";

export function cloudProviderFilters(clouds: readonly CloudChoice[]) {
  return [
    <FilterSelect
      key="shownState"
      name="shownState"
      label="Status"
      all="All states"
      options={SHOWN_PROVIDER_STATES.map((value) => ({ value, label: stateLabel(value) }))}
    />,
    <FilterSelect
      key="service"
      name="service"
      label="Service"
      all="All services"
      options={Object.entries(PLATFORM_TABLE).map(([value, { label }]) => ({ value, label }))}
    />,
    <FilterSelect
      key="cloud"
      name="cloud"
      label="Cloud"
      all="All clouds"
      options={clouds.map(({ id, label }) => ({ value: id, label }))}
    />,
  ];
}

const ENDING = {
  secret: "Secret expires",
  certificate: "Certificate expires",
  replacement: "Credential to be replaced",
  sign_in: "Sign-ins end",
} as const;

export function ending({ expires, expiresFrom, expiresTo }: Filters): ChosenFilter[] {
  const day = (text: string) => dayText(new Date(text));
  return [
    ...(expires ? [{ name: "expires", label: ENDING[expires] }] : []),
    ...(expiresFrom ? [{ name: "expiresFrom", label: `From ${day(expiresFrom)}` }] : []),
    ...(expiresTo ? [{ name: "expiresTo", label: `Until ${day(expiresTo)}` }] : []),
  ];
}
