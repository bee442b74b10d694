package io.gradcast.spark.cluster;

import io.gradcast.spark.exchange.ExchangeKind;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A test of every exchange there is: what holds for one holds for all. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@EnumSource(value = ExchangeKind.class, mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
public @interface EveryExchange {}
