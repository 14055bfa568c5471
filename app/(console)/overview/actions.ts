"use server";

import { defineAction } from "@/lib/http/action";
import { renewCalendarAddress } from "@/lib/watch/calendar/mutations";
import { findCalendarAddress, hasCalendarAddress } from "@/lib/watch/calendar/queries";
import { calendarAddressSchema } from "@/lib/watch/calendar/schema";

export const calendarAddressAction = defineAction(
  calendarAddressSchema,
  async (actor, { renew }) => {
    if (renew) return renewCalendarAddress(actor);
    return (await hasCalendarAddress(actor)) ? findCalendarAddress(actor) : null;
  },
);
