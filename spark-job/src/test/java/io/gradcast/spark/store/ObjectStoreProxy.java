package io.gradcast.spark.store;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Between S3A and an object store: passes requests on, but for what a test has it do to them. */
final class ObjectStoreProxy implements AutoCloseable {

  /** Those that Java's client sets itself. */
  private static final Set<String> SET_BY_CLIENT =
      Set.of("host", "connection", "content-length", "expect", "upgrade");

  private static final Set<String> CONDITIONS = Set.of("if-match", "if-none-match");

  /** What happens to a request. */
  enum Fate {
    PASS,
    /** It is done, without its conditions. */
    WITHOUT_CONDITIONS,
    /** It is not done, and the connection breaks. */
    LOST,
    /** It is done, and the connection breaks before the answer. */
    ANSWER_LOST
  }

  /** Decides about each request. */
  @FunctionalInterface
  interface Fates {
    Fate of(String method);
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI target;
  private volatile Fates fates = method -> Fate.PASS;

  private ObjectStoreProxy(HttpServer server, URI target) {
    this.server = server;
    this.target = target;
  }

  static ObjectStoreProxy to(URI target) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ObjectStoreProxy proxy = new ObjectStoreProxy(HttpServer.create(any, 0), target);
    proxy.server.createContext("/", proxy::handle);
    proxy.server.setExecutor(proxy.threads);
    proxy.server.start();
    return proxy;
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void decide(Fates decision) {
    fates = decision;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Fate fate = fates.of(exchange.getRequestMethod());
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (fate == Fate.LOST) {
        return;
      }
      HttpResponse<byte[]> answer = pass(exchange, body, fate == Fate.WITHOUT_CONDITIONS);
      if (fate != Fate.ANSWER_LOST) {
        answer(exchange, answer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> pass(HttpExchange exchange, byte[] body, boolean withoutConditions)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (!SET_BY_CLIENT.contains(lower)
                  && !(withoutConditions && CONDITIONS.contains(lower))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer)
      throws IOException {
    Headers headers = exchange.getResponseHeaders();
    boolean isHead = exchange.getRequestMethod().equals("HEAD");
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (isHead || !List.of("content-length", "transfer-encoding").contains(lower)) {
                headers.put(name, values);
              }
            });
    byte[] body = answer.body();
    exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
