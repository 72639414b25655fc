package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonWriterTest {
    @Test
    void writesNestedObjectsAndArrays() {
        JsonWriter json = new JsonWriter()
                .beginArray()
                .beginObject()
                .field("a", 1)
                .field("b", "x")
                .beginObject("c");
        json.field("d", 1.25, 2)
                .field("e", true)
                .nothing("f")
                .endObject()
                .beginArray("g")
                .element(50.0, 1)
                .element(2.5, 1);
        json.endArray().beginArray("h").endArray().endObject().endArray();

        assertThat(json.toString().replaceAll("\\s", ""))
                .isEqualTo(
                        "[{\"a\":1,\"b\":\"x\",\"c\":{\"d\":1.25,\"e\":true,\"f\":null},\"g\":[50.0,2.5],\"h\":[]}]");
    }

    @Test
    void escapesWhatJsonCannotHold() {
        assertThat(new JsonWriter()
                        .beginArray()
                        .element("a\"b\\c\nd\u0001é")
                        .endArray()
                        .toString())
                .contains("\"a\\\"b\\\\c\\u000ad\\u0001é\"");
    }

    @Test
    void writesEmptyContainersOnOneLine() {
        assertThat(new JsonWriter().beginArray().endArray().toString()).isEqualTo("[]\n");
    }

    @Test
    void allOfItFitsOnALine() {
        JsonWriter json = new JsonWriter()
                .beginObject()
                .field("a", 1)
                .field("b", "x,\n y")
                .beginArray("c");
        assertThat(json.endArray().endObject().line()).isEqualTo("{\"a\": 1, \"b\": \"x,\\u000a y\", \"c\": []}\n");
    }

    @Test
    void aNumberThatIsNoneBecomesNull() {
        assertThat(new JsonWriter()
                        .beginObject()
                        .field("x", Double.NaN, 1)
                        .endObject()
                        .toString())
                .contains("null");
    }
}
