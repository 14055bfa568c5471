/** Where a number comes up: on the way through the sign-in pages, or at the token endpoint. */
export type NumberPlace = "authorize" | "redeem" | "refresh" | "app_only" | "device_code";

export interface PlatformNumber {
  number: number;
  places: readonly NumberPlace[];
}

const SIGN_IN = ["authorize"] as const;
const RENEWAL = ["refresh"] as const;
const BOTH = ["authorize", "refresh"] as const;

/**
 * Every number that an application which reads and sends mail can meet, with the places where
 * Microsoft raises it. What only a code can be refused with comes up at its redemption.
 */
const GROUPS: readonly { places: readonly NumberPlace[]; numbers: readonly number[] }[] = [
  {
    places: SIGN_IN,
    numbers: [
      50011, 900971, 70004, 1000031, 65004, 650052, 650054, 650056, 90008, 90094, 90095, 90099,
      50089, 50147, 501491, 700054, 70005, 70007, 90130, 9002332, 500208, 50020, 50034, 51004,
      16000, 90072, 50055, 50126, 50144, 50058, 50059, 50097, 53000, 53001, 53002, 530032, 53004,
      53011, 500021, 500212, 500213, 90051, 50049, 80002, 50002, 500022, 50014, 50128, 50197, 50085,
      500121, 50088, 50125, 50135, 50140, 50142, 50143, 50161, 50199, 53010, 530034, 54000, 80001,
      80005, 80007, 80012, 80013, 80014, 90027, 90036, 90092, 90093, 90100, 90056, 901002, 1000104,
      50005, 50127, 50129, 50187, 135011, 530021, 90019,
    ],
  },
  {
    places: BOTH,
    numbers: [
      50194, 90002, 90023, 700016, 70011, 65001, 65005, 500011, 50105, 90124, 50057, 50053, 50072,
      50074, 50131, 90038, 900561, 530003, 53009, 530084, 700003, 50155, 5000224, 5000225, 700020,
      50087, 50166, 90091,
    ],
  },
  { places: ["redeem"], numbers: [500112, 54005, 501481, 9002325, 700005, 28003, 90014] },
  { places: ["redeem", "refresh"], numbers: [70008, 70000, 900144, 7000218, 700025] },
  { places: ["authorize", "refresh", "app_only"], numbers: [53003] },
  { places: ["redeem", "refresh", "app_only"], numbers: [9002313] },
  { places: ["app_only"], numbers: [9001023, 7000229] },
  { places: ["refresh", "app_only"], numbers: [500014, 501051, 50146, 700229, 67003, 900384] },
  {
    places: ["device_code"],
    numbers: [50134, 90119, 90120, 90121, 70016, 70018, 70019],
  },
  {
    places: RENEWAL,
    numbers: [
      700011, 70001, 7000112, 7000215, 7000222, 70002, 700027, 700030, 50012, 50013, 500133, 50027,
      7000114, 70021, 700211, 700212, 700213, 700024, 28002, 700022, 700023, 65002, 650057, 50001,
      530036, 700082, 700084, 70043, 50173, 50132, 50133, 70003, 50076, 50078, 50079, 50158, 530035,
      900382, 900432, 50196, 90055, 50033, 90006, 90012, 90024, 90033, 90090, 70012, 50000,
    ],
  },
];

export const PLATFORM_NUMBERS: readonly PlatformNumber[] = GROUPS.flatMap(({ places, numbers }) =>
  numbers.map((number) => ({ number, places })),
);
