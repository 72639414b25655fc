package io.sluice.nvme.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says where a class of contract tests takes its controllers from. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ControllersFrom {
    /** The source. */
    Class<? extends ControllerSource> value();
}
