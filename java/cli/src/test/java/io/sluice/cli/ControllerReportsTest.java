package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.nvme.ErrorLogEntry;
import io.sluice.nvme.FirmwareLog;
import io.sluice.nvme.IdentifyNamespace;
import io.sluice.nvme.LbaFormat;
import io.sluice.nvme.SmartLog;
import io.sluice.nvme.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerReportsTest {
    private static String json(Report report) {
        JsonWriter writer = new JsonWriter().beginObject();
        report.write(writer);
        return writer.endObject().toString().replaceAll("\\s", "");
    }

    @Test
    void showsHealthInWordsAndNumbers() {
        Report report = ControllerReports.smart(
                new SmartLog(0b101, 323, 100, 10, 3, 2_000_000, 1, 5, 6, 7, 8, 9, 10, 11, Long.MAX_VALUE));

        assertThat(report.text())
                .contains("Critical warning   spare blocks low, reliability degraded\n")
                .contains("Temperature        50 °C\n")
                .contains("Spare blocks left  100 % (warns below 10 %)\n")
                .contains("Read               1.0 TB (2,000,000 units of 512,000 bytes)\n");
        assertThat(json(report))
                .contains("\"critical_warning\":5", "\"temperature_k\":323", "\"data_units_read\":2000000");
    }

    @Test
    void showsANamespace() {
        IdentifyNamespace namespace = new IdentifyNamespace(
                2,
                2097152,
                2097152,
                10,
                List.of(new LbaFormat(9, 0, 0), new LbaFormat(12, 8, 0)),
                0,
                false,
                0,
                false,
                0,
                0,
                0,
                0,
                "",
                "");

        assertThat(ControllerReports.namespace(namespace).text())
                .contains("Size                  2097152 blocks (1.0 GiB)\n")
                .contains("Block size            512 bytes\n")
                .contains("GUID (NGUID)          -\n");
        assertThat(json(ControllerReports.namespace(namespace))).contains("\"size_blocks\":2097152", "\"guid\":\"\"");
    }

    @Test
    void aSizeThatCannotBeIsShownAsTheNumberThatTheDeviceSaid() {
        IdentifyNamespace lying = new IdentifyNamespace(
                1, -1, -1, -1, List.of(new LbaFormat(31, 0, 0)), 0, false, 0, false, 0, 0, 0, 0, "", "");

        assertThat(ControllerReports.namespace(lying).text())
                .contains("Size                  18446744073709551615 blocks\n");
    }

    @Test
    void showsErrorsAndFirmware() {
        ErrorLogEntry error = new ErrorLogEntry(7, 1, 42, new Status(2, 0x81, false, true), 0xffff, 4096, 1);

        assertThat(LogCommand.errors(List.of(error, error)))
                .contains("Status            Unrecovered Read Error (2h/81h, do not retry)\n")
                .contains("\n\nError");
        assertThat(LogCommand.errors(List.of())).isEqualTo("no errors logged\n");
        assertThat(ControllerReports.firmware(new FirmwareLog(1, 0, List.of("1.0", "", "", "", "", "", "")))
                        .text())
                .isEqualTo("""
                        Running slot               1
                        Slot after the next reset  the same
                        Slot 1                     1.0
                        """);
    }
}
