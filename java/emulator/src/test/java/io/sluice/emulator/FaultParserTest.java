package io.sluice.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.emulator.Fault.CorruptCompletion.Field;
import io.sluice.emulator.Fault.DamageData.Damage;
import io.sluice.emulator.Trigger.QueueKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultParserTest {
    private static final Trigger ALWAYS = Trigger.always();

    @Test
    void everyKindIsRead() {
        assertThat(Fault.parse("drop")).isEqualTo(new Fault.DropCompletion(ALWAYS));
        assertThat(Fault.parse("delay:by=50ms")).isEqualTo(new Fault.DelayCompletion(ALWAYS, 50_000_000));
        assertThat(Fault.parse("late:by=2s")).isEqualTo(new Fault.AnswerAfterAbort(ALWAYS, 2_000_000_000));
        assertThat(Fault.parse("duplicate")).isEqualTo(new Fault.DuplicateCompletion(ALWAYS));
        assertThat(Fault.parse("corrupt:field=cid")).isEqualTo(new Fault.CorruptCompletion(ALWAYS, Field.COMMAND_ID));
        assertThat(Fault.parse("corrupt:field=sqid")).isEqualTo(new Fault.CorruptCompletion(ALWAYS, Field.QUEUE_ID));
        assertThat(Fault.parse("corrupt:field=phase")).isEqualTo(new Fault.CorruptCompletion(ALWAYS, Field.PHASE));
        assertThat(Fault.parse("status:code=281")).isEqualTo(new Fault.FailCommand(ALWAYS, 0x281));
        assertThat(Fault.parse("torn")).isEqualTo(new Fault.DamageData(ALWAYS, Damage.TORN, 0));
        assertThat(Fault.parse("stale")).isEqualTo(new Fault.DamageData(ALWAYS, Damage.STALE, 0));
        assertThat(Fault.parse("flipped")).isEqualTo(new Fault.DamageData(ALWAYS, Damage.FLIPPED, 0));
        assertThat(Fault.parse("misdirected:by=-8")).isEqualTo(new Fault.DamageData(ALWAYS, Damage.MISDIRECTED, -8));
        assertThat(Fault.parse("lost-interrupt")).isEqualTo(new Fault.LoseInterrupt(ALWAYS));
        assertThat(Fault.parse("ignored-doorbell")).isEqualTo(new Fault.IgnoreDoorbell(ALWAYS));
        assertThat(Fault.parse("refused-abort")).isEqualTo(new Fault.RefuseAbort(ALWAYS));
        assertThat(Fault.parse("lie:cns=1:offset=77:value=ff"))
                .isEqualTo(new Fault.LieInIdentify(ALWAYS, 1, 77, 0xff, 1));
        assertThat(Fault.parse("lie:cns=10:offset=0x80:value=00010203"))
                .isEqualTo(new Fault.LieInIdentify(ALWAYS, 0x10, 128, 0x03020100, 4));
        assertThat(Fault.parse("scrambled-identify")).isEqualTo(new Fault.ScrambleIdentify(ALWAYS, 1));
        assertThat(Fault.parse("scrambled-identify:bytes=40")).isEqualTo(new Fault.ScrambleIdentify(ALWAYS, 40));
        assertThat(Fault.parse("never-ready")).isEqualTo(new Fault.NeverReady(ALWAYS));
        assertThat(Fault.parse("always-ready")).isEqualTo(new Fault.AlwaysReady(ALWAYS));
        assertThat(Fault.parse("fatal")).isEqualTo(new Fault.FailController(ALWAYS, false));
        assertThat(Fault.parse("fatal:at=enable")).isEqualTo(new Fault.FailController(ALWAYS, true));
        assertThat(Fault.parse("status-all-ones")).isEqualTo(new Fault.StatusAllOnes(ALWAYS));
        assertThat(Fault.parse("removed")).isEqualTo(new Fault.Remove(ALWAYS, false));
        assertThat(Fault.parse("removed:registers=fault")).isEqualTo(new Fault.Remove(ALWAYS, true));
        assertThat(Fault.parse("hung-shutdown")).isEqualTo(new Fault.HangShutdown(ALWAYS));
    }

    @Test
    void conditionsAreRead() {
        assertThat(Fault.parse("drop:op=read:lba=100:after=3:times=2:chance=5%").trigger())
                .isEqualTo(
                        ALWAYS.opcode(Opcode.READ).block(100).after(3).times(2).percent(5));
        assertThat(Fault.parse("drop:queue=admin:op=identify:once").trigger())
                .isEqualTo(Trigger.once().queues(QueueKind.ADMIN).opcode(Opcode.IDENTIFY));
        assertThat(Fault.parse("drop:queue=any:op=0x7f").trigger())
                .isEqualTo(ALWAYS.queues(QueueKind.ANY).opcode(0x7f));
    }

    @ParameterizedTest
    @CsvSource({
        "'', is no kind of fault",
        "bogus, is no kind of fault; there are drop",
        "drop:, does not depend on ''",
        "drop:by=3, does not depend on 'by'",
        "drop:op=reed, expected read",
        "drop:queue=admin:op=read, expected identify",
        "drop:queue=x, 'expected admin, io or any'",
        "drop:lba=x, a number is none",
        "drop:after=-1, expected 0 or more",
        "drop:times=0, 1 or more",
        "drop:chance=0, expected 1 to 100",
        "drop:chance=101%, expected 1 to 100",
        "drop:lba=1:lba=2, lba is given twice",
        "drop:op=0x100, expected 0 to 255",
        "delay, delay needs by=",
        "delay:by=, delay needs by=",
        "delay:by=5, is no time",
        "delay:by=ms, is no time",
        "delay:by=5000000000s, is no time",
        "corrupt:field=x, 'expected cid, sqid or phase'",
        "status, status needs code=",
        "status:code=0, expected 1h to 7ffh",
        "status:code=800, expected 1h to 7ffh",
        "status:code=xyz, a number is none",
        "misdirected, misdirected needs by=",
        "lie:cns=1:offset=4096:value=00, within 4096",
        "lie:cns=1:offset=0:value=0, two hexadecimal digits",
        "lie:cns=1:offset=0:value=001122334455667788, 1 to 8 bytes",
        "scrambled-identify:bytes=0, expected 1 to 4096",
        "fatal:at=dawn, expected at=enable",
    })
    void whatMakesNoSenseIsRefusedWithAReason(String text, String reason) {
        assertThatThrownBy(() -> Fault.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
