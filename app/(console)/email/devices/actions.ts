"use server";

import {
  createDevice,
  pauseDevice,
  revokeDevice,
  rotateDevice,
  updateDevice,
} from "@/lib/access/devices/mutations";
import {
  createDeviceSchema,
  deviceIdSchema,
  pauseDeviceSchema,
  updateDeviceSchema,
} from "@/lib/access/devices/schema";
import { defineAction } from "@/lib/http/action";

const revalidates = "/email/devices";

export const createDeviceAction = defineAction(createDeviceSchema, createDevice, { revalidates });

export const updateDeviceAction = defineAction(updateDeviceSchema, updateDevice, { revalidates });

export const rotateDeviceAction = defineAction(deviceIdSchema, rotateDevice, { revalidates });

export const pauseDeviceAction = defineAction(pauseDeviceSchema, pauseDevice, { revalidates });

export const revokeDeviceAction = defineAction(deviceIdSchema, revokeDevice, { revalidates });
