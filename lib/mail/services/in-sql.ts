import { hasOwnHosts, type MailService, SERVICES } from "./schema";

export function servicesInSql(are: (service: MailService) => boolean): string {
  return SERVICES.filter(are)
    .map((service) => `'${service}'`)
    .join(", ");
}

export const WITH_OWN_HOSTS = servicesInSql(hasOwnHosts);
