/**
 * What is measured and how it is shown: the tables' definitions, measurements as files, and pages with tables and charts. It knows no other module;
 * whoever measures takes {@link io.sluice.report.Tables} and writes {@link io.sluice.report.Measurements}, and {@link io.sluice.report.Render} shows them.
 * Every figure on a page is computed here, from measurements alone.
 */
@NullMarked
package io.sluice.report;

import org.jspecify.annotations.NullMarked;
