"use server";

import { renewCalendarAddress } from "@/lib/calendar/mutations";
import { findCalendarAddress } from "@/lib/calendar/queries";
import { calendarAddressSchema } from "@/lib/calendar/schema";
import { defineAction } from "@/lib/http/action";

/** @returns null as long as there is none */
export const calendarAddressAction = defineAction(calendarAddressSchema, (actor, { renew }) =>
  renew ? renewCalendarAddress(actor) : findCalendarAddress(actor),
);
