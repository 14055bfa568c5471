-- The counts that the charts of the Overview show, by five minutes, hour, six hours and day.
CREATE TABLE "CounterBucket" (
    "span" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "name" TEXT NOT NULL,
    "labels" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "CounterBucket_pkey" PRIMARY KEY ("span","at","name","labels")
);
