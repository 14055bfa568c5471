import { hasOwnHosts, type MailService, SERVICES } from "./schema";

/** SQL, for IN: the services of which something is true, from their rows. */
export function servicesInSql(are: (service: MailService) => boolean): string {
  return SERVICES.filter(are)
    .map((service) => `'${service}'`)
    .join(", ");
}

/** SQL, for IN: as `hasOwnHosts` says. */
export const WITH_OWN_HOSTS = servicesInSql(hasOwnHosts);
