-- When a gateway last could not use the files of the certificate that it is to show to devices.
ALTER TABLE "Installation" ADD COLUMN "deviceCertificateFailedAt" TIMESTAMPTZ(3);
