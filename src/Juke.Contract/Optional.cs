using System.Text.Json;
using System.Text.Json.Serialization;
using Juke.Contract.Wire;

namespace Juke.Contract;

/// <summary>
/// A member that may be absent (a PATCH leaves it alone, an answer does not show it), null or a value. JSON can say all
/// three, a nullable property only two.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
[JsonConverter(typeof(OptionalConverterFactory))]
public readonly record struct Optional<T>
{
    /// <summary>A member that is there, with this value.</summary>
    public Optional(T? value) => (IsPresent, Value) = (true, value);

    /// <summary>Whether the member is there at all.</summary>
    public bool IsPresent { get; }

    /// <summary>Its value; null when it is null or absent.</summary>
    public T? Value { get; }
}

/// <summary>Reads and writes <see cref="Optional{T}"/>. The types are listed so that it works without run-time code.</summary>
public sealed class OptionalConverterFactory : JsonConverterFactory
{
    private static readonly Dictionary<Type, JsonConverter> Converters = new()
    {
        [typeof(Optional<string>)] = new Converter<string>(),
        [typeof(Optional<Country>)] = new Converter<Country>(),
    };

    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => Converters.ContainsKey(typeToConvert);

    /// <inheritdoc/>
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => Converters[typeToConvert];

    private sealed class Converter<T> : JsonConverter<Optional<T>>
        where T : class
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.TokenType == JsonTokenType.Null ? null : Inner(options).Read(ref reader, typeof(T), options));

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options)
        {
            if (value.Value is null) writer.WriteNullValue();
            else Inner(options).Write(writer, value.Value, options);
        }

        // The inner converter, not a nested call of the serializer: that would start a path of its own, and the field's name be lost.
        private static JsonConverter<T> Inner(JsonSerializerOptions options) => (JsonConverter<T>)options.GetTypeInfo(typeof(T)).Converter;
    }
}
